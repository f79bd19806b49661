// SPDX-License-Identifier: Apache-2.0
//
// A test guest of 638 bytes for x86_64, as machine code. It is a whole PC firmware: the processor starts in it at
// power-on, and it does in small what every operating system does in its first second. A KVM that cannot run
// guests usually survives the first three steps, because the kernel emulates simple instructions one by one; it
// fails at the fourth (an instruction that nobody emulates) or in the last (a loop that takes seconds there).
//
// Port 0xe9 writes a character for us to read, port 0xf4 ends QEMU with exit code 2 x value + 1. Numbers behind
// the semicolon are addresses: from 0xf0000 in the ROM, from 0x8000 in the copy of the 64-bit part in RAM.
import { bytes, type Payload } from './payload.ts';

const code = `
  ; f0000: 16-bit real mode, reached by the jump of the reset vector
  fa                              ; cli
  b0 31 e6 e9                     ; say '1'
  2e 66 0f 01 16 78 02            ; lgdt cs:[0x278]
  0f 20 c0 0c 01 0f 22 c0         ; cr0 |= PE
  66 ea 1c 00 0f 00 08 00         ; jmp 0x08:0xf001c

  ; f001c: 32-bit protected mode
  b8 10 00 00 00                  ; mov eax, 0x10
  8e d8 8e c0 8e d0               ; ds = es = ss = flat data
  bc 00 80 00 00                  ; mov esp, 0x8000
  b0 32 e6 e9                     ; say '2'
  fc 31 c0                        ; cld; xor eax, eax
  bf 00 10 00 00                  ; mov edi, 0x1000
  b9 00 14 00 00 f3 ab            ; clear 0x1000-0x5fff: four page tables and the IDT
  c7 05 00 10 00 00 07 20 00 00   ; PML4[0]   -> 0x2000, user, writable
  c7 05 00 20 00 00 07 30 00 00   ; PDPT[0]   -> 0x3000
  c7 05 18 20 00 00 07 40 00 00   ; PDPT[3]   -> 0x4000
  c7 05 00 30 00 00 87 00 00 00   ; first 2 MiB -> themselves, user, writable
  c7 05 b8 4f 00 00 93 00 e0 fe   ; 0xfee00000 -> local APIC, uncached
  be b4 00 0f 00                  ; mov esi, 0xf00b4
  bf 00 80 00 00                  ; mov edi, 0x8000
  b9 88 01 00 00 f3 a4            ; copy the 64-bit part to RAM
  b8 20 06 00 00 0f 22 e0         ; cr4 = PAE, OSFXSR, OSXMMEXCPT
  b8 00 10 00 00 0f 22 d8         ; cr3 = 0x1000
  b9 80 00 00 c0 0f 32            ; rdmsr EFER
  0d 01 01 00 00 0f 30            ; EFER |= LME, SCE
  0f 20 c0 24 fb                  ; cr0 &= ~EM
  0d 02 00 00 80 0f 22 c0         ; cr0 |= PG, MP
  ea 00 80 00 00 18 00            ; jmp 0x18:0x8000

  ; 8000: 64-bit mode, in RAM
  b0 33 e6 e9                     ; say '3'
  b8 20 00 00 00 8e d0            ; ss = 0x20
  49 b8 ef cd ab 89 67 45 23 01   ; mov r8, 0x0123456789abcdef
  41 50                           ; push r8
  49 ba 10 32 54 76 98 ba dc fe   ; mov r10, 0xfedcba9876543210
  4c 03 14 24 49 ff c2            ; add r10, [rsp]; inc r10
  0f 85 19 01 00 00               ; jnz failed
  b0 34 e6 e9                     ; say '4'

  ; 8034: x87 and SSE2: 36 + 36 + 36 x 36 = 1368
  db e3 9b                        ; fninit; fwait
  48 c7 04 24 06 00 00 00         ; mov qword [rsp], 6
  df 2c 24 d8 c8 df 3c 24         ; fild, fmul st0, fistp: [rsp] = 36
  f3 0f 7e 04 24 66 0f d4 c0      ; movq xmm0, [rsp]; paddq xmm0, xmm0
  f2 48 0f 2a 0c 24 f2 0f 59 c9   ; cvtsi2sd xmm1, [rsp]; mulsd xmm1, xmm1
  66 48 0f 7e c0                  ; movq rax, xmm0
  f2 48 0f 2c d1 48 01 d0         ; cvttsd2si rdx, xmm1; add rax, rdx
  3d 58 05 00 00                  ; cmp eax, 1368
  0f 85 d7 00 00 00               ; jne failed
  b0 35 e6 e9                     ; say '5'

  ; 807c: a page fault whose handler maps 0x400000 to the first 2 MiB
  0f 01 1d 03 01 00 00            ; lidt [0x817e]
  48 b8 00 00 18 00 00 8e 00 00   ; mov rax, interrupt gate 0x18:0
  66 b8 51 81                     ; mov ax, 0x8151
  48 89 04 25 e0 50 00 00         ; IDT[14] = page fault
  66 b8 70 81                     ; mov ax, 0x8170
  48 89 04 25 00 52 00 00         ; IDT[32] = timer
  4c 89 04 25 00 60 00 00         ; mov [0x6000], r8
  31 db                           ; xor ebx, ebx
  4c 39 04 25 00 60 40 00         ; cmp [0x406000], r8
  0f 85 92 00 00 00               ; jne failed
  ff cb 0f 85 8a 00 00 00         ; exactly one fault, or failed
  b0 36 e6 e9                     ; say '6'

  ; 80c7: sleep until an interrupt of the local APIC's timer
  b0 ff e6 21 e6 a1               ; mask both old interrupt controllers
  be 00 00 e0 fe                  ; mov esi, 0xfee00000
  c7 86 f0 00 00 00 ff 01 00 00   ; switch the APIC on
  c7 86 20 03 00 00 20 00 00 00   ; timer: once, vector 32
  c7 86 e0 03 00 00 0b 00 00 00   ; divide by 1
  c7 86 80 03 00 00 10 27 00 00   ; count 10000 down
  fb f4 fa                        ; sti; hlt; cli
  ff cb 75 4c                     ; exactly one interrupt, or failed
  b0 37 e6 e9                     ; say '7'

  ; 8105: down to user mode, and back by a system call
  b9 81 00 00 c0 31 c0            ; STAR
  ba 18 00 23 00 0f 30            ; kernel 0x18/0x20, user 0x2b/0x33
  ff c1                           ; LSTAR
  b8 2a 81 00 00 31 d2 0f 30      ; -> 0x812a
  b9 26 81 00 00                  ; mov ecx, 0x8126
  41 bb 02 00 00 00 48 0f 07      ; flags 2; sysret
  8c cf 0f 05                     ; 8126: mov edi, cs; syscall
  83 ff 33 75 18                  ; 812a: it was user code, or failed
  b0 38 e6 e9                     ; say '8'

  ; 8133: four million rounds: milliseconds on a processor and under TCG
  b9 00 09 3d 00 ff c9 75 fc      ; mov ecx, 4000000; loop: dec ecx; jnz loop
  b0 39 e6 e9                     ; say '9'
  b8 2a 00 00 00 eb 05            ; mov eax, 42; jmp 0x814c
  b8 11 00 00 00                  ; 8147: failed: mov eax, 17
  e7 f4                           ; 814c: end QEMU with exit code 85 or 35
  f4 eb fd                        ; QEMU 10 ends a moment later: until then hlt

  ; 8151: page fault
  ff c3 50 0f 20 d0               ; inc ebx; push rax; mov rax, cr2
  3d 00 60 40 00 75 e9            ; the address we touched, or failed
  c7 04 25 10 30 00 00 87 00 00 00 ; map it
  58 48 83 c4 08 48 cf            ; pop rax; drop the error code; iret

  ; 8170: timer
  ff c3                           ; inc ebx
  c7 86 b0 00 00 00 00 00 00 00   ; end of interrupt
  48 cf                           ; iret
  0f 02 00 50 00 00 00 00 00 00   ; 817e: IDT: 33 entries at 0x5000

  ; f023c: end of the 64-bit part
  0f 1f 40 00                     ; padding
  ; f0240: GDT. Entries are marked as accessed: the processor could not do it in ROM, and KVM would hang
  00 00 00 00 00 00 00 00
  ff ff 00 00 00 9b cf 00         ; 08: 32-bit code
  ff ff 00 00 00 93 cf 00         ; 10: data
  ff ff 00 00 00 9b af 00         ; 18: 64-bit code
  ff ff 00 00 00 93 cf 00         ; 20: data, next to the code as syscall wants it
  ff ff 00 00 00 f3 cf 00         ; 28: user data
  ff ff 00 00 00 fb af 00         ; 30: user 64-bit code
  37 00 40 02 0f 00               ; f0278: GDT: 7 entries at 0xf0240
`;

const resetVector = 'ea 00 00 00 f0 ; ffff0: jmp 0xf000:0';

/** 64 KiB, the smallest ROM that QEMU's PC accepts. */
function image(): Uint8Array {
  const rom = new Uint8Array(64 * 1024).fill(0xff);
  rom.set(bytes(code), 0);
  rom.set(bytes(resetVector), 0xfff0);
  return rom;
}

export const payloadX86: Payload = {
  image: image(),
  steps: [
    'its first instruction in 16-bit mode',
    '32-bit protected mode',
    '64-bit mode',
    '64-bit arithmetic',
    'floating point and SSE2',
    'a page fault',
    'a timer interrupt',
    'user mode and a system call',
    'a loop at the speed of a processor',
  ],
  exitCode: 85,
  processor: { kvm: 'host', tcg: 'max' },
  parameters: [
    '-machine',
    'q35',
    '-device',
    'isa-debug-exit,iobase=0xf4,iosize=4',
    '-device',
    'isa-debugcon,iobase=0xe9,chardev=report',
  ],
};
