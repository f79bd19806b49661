// SPDX-License-Identifier: Apache-2.0
//
// A test guest of 408 bytes for aarch64, as machine code: the firmware of QEMU's "virt" board, started at address 0
// at exception level 1. It reports through the serial port (PL011 at 0x09000000) and ends by asking PSCI to switch
// the machine off. Numbers behind the semicolon are addresses: from 0 in the flash, from 0x40010400 in RAM.
//
// The interrupt controller is not exercised: its kind and address depend on the PC.
import { words, type Payload } from './payload.ts';

const code = `
  ; 000: in flash, MMU off
  d2a12014                            ; x20 = 0x09000000, the PL011
  52800e01 b9002e81                   ; 8 bits, FIFO on
  52806021 b9003281                   ; switch it on
  52800621 b9000281                   ; say '1'
  100003a2                            ; x2 = 0x90
  d2a80023 f2808003 aa0303e5          ; x3 = x5 = 0x40010400
  52800424                            ; w4 = 33 times 8 bytes
  f8408441 f8008461 71000484 54ffffa1 ; copy the rest to RAM
  d2a80006                            ; x6 = 0x40000000, the page table
  52804004 aa0603e3                   ; w4 = 512; x3 = x6
  f800847f 71000484 54ffffc1          ; clear it
  d2808021 f2e00c01 f90000c1          ; [0]: first GiB -> itself, device, never executed
  d2a80001 f28080a1 f90004c1          ; [1]: second GiB -> itself, memory, not cached
  f28098a1 f2e00401 f90008c1          ; [2]: third GiB -> the second, for user mode, read only
  52800641 b9000281                   ; say '2'
  910130a7 d61f00e0                   ; jump to 0x4001044c
  d503201f                            ; padding

  ; 40010400: 0x400 behind the vector base: exceptions from user mode
  d5385201 d35afc21                   ; x1 = class of the exception
  f100543f 540001a1                   ; it is svc, or failed
  f115613f 54000161                   ; x9 = 1368, or failed
  528006c1 b9000281                   ; say '6'
  52a007a4 71000484 54ffffe1          ; four million rounds: milliseconds on a processor and under TCG
  528006e1 b9000281                   ; say '7'
  52b08000 72800100 d4000002          ; 40010434: PSCI SYSTEM_OFF (0x84000008) by hvc
  52800421 b9000281 17fffffb          ; 40010440: failed: say '!', switch off

  ; 4001044c: MMU on
  d5182006                            ; TTBR0 = x6
  d2888001 d518a201                   ; MAIR: 0 = device, 1 = memory, not cached
  d2800321 f2a01001 d5182041          ; TCR: 39-bit addresses, 4 KiB pages, no TTBR1
  d5033fdf d508871f d5033f9f d5033fdf ; isb; tlbi vmalle1; dsb sy; isb
  d5381001 b2400021 d5181001 d5033fdf ; SCTLR |= M; isb
  52800661 b9000281                   ; say '3'
  58000361 58000382 ab020021          ; x1 = [0x400104f8] + [0x40010500]
  54fffd41                            ; 0, or failed
  52800681 b9000281                   ; say '4'
  d2a00601 d5181041 d5033fdf          ; CPACR: floating point and SIMD on
  d2800481 9e620020 1e600800 9e780009 ; x9 = 36.0 x 36.0
  9e670021 4ee18421 9e660022 8b020129 ; x9 += 36 + 36, by SIMD
  528006a1 b9000281                   ; say '5'
  d11000a1 d518c001                   ; VBAR = x5 - 0x400
  d518401f                            ; SPSR = user mode
  9103d0a1 d2620421 d5184021 d69f03e0 ; eret to 0x800104f4, the user's view of the next word
  d4000001                            ; 400104f4: svc 0
  89abcdef 01234567                   ; 400104f8: two numbers
  76543211 fedcba98
`;

export const payloadAarch64: Payload = {
  image: words(code),
  steps: [
    'its first instruction',
    'a copy of itself in memory',
    'virtual memory',
    '64-bit arithmetic',
    'floating point and SIMD',
    'user mode and a system call',
    'a loop at the speed of a processor',
  ],
  exitCode: 0,
  processor: { kvm: 'host', tcg: 'max' },
  parameters: ['-machine', 'virt,gic-version=max', '-serial', 'chardev:report'],
};
