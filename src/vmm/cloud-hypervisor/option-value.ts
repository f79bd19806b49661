// SPDX-License-Identifier: Apache-2.0

/**
 * "KEY=VALUE" as the option parser of Cloud Hypervisor reads it: it cuts at commas, and counts brackets, outside of
 * double quotes; a quote inside is written twice. It cuts blanks off the ends of values that are not quoted.
 */
export function optionValue(key: string, value: string): string {
  const plain = !/[",[\]]/.test(value) && value.trim() === value && value !== '';
  return `${key}=${plain ? value : `"${value.replaceAll('"', '""')}"`}`;
}
