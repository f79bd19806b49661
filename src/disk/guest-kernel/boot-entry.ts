// SPDX-License-Identifier: Apache-2.0

/** What a boot loader would start, in its own words. */
export interface BootEntry {
  title: string;
  /**
   * The device that bare paths are on: "uuid:X" or "label:X" as it was searched for, "hd0,gpt2" as it was named, "" for
   * the one with the configuration
   */
  root: string;
  /** "/vmlinuz", or with a device in front, as in "(hd0,gpt2)/vmlinuz" */
  linux: string;
  initrds: string[];
  commandLine: string;
}
