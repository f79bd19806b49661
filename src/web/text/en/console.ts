// SPDX-License-Identifier: Apache-2.0

/** The serial console. */
export const console = {
  label: (name: string) => `Serial console of ${name}`,
  clear: 'Clear',
  connecting: 'Opening the console…',
  lost: 'The console was lost; opening it again…',
  hint: 'Every key goes to the guest. Left Ctrl + left Alt, pressed and let go together, take the keyboard back.',
};
