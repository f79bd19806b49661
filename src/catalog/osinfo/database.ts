// SPDX-License-Identifier: Apache-2.0
//
// osinfo-db as far as we use it, small enough to be read in a few milliseconds from one file of JSON.

export interface OsinfoMedium {
  architecture: string;
  live: boolean;
  url: string | null;
  /** Expressions that all must match; left out: anything does */
  volume?: string;
  system?: string;
  publisher?: string;
  application?: string;
  /** Bytes */
  size?: number;
}

interface OsinfoResources {
  architecture: string;
  minimum?: OsinfoAmount;
  recommended?: OsinfoAmount;
}

export interface OsinfoAmount {
  vcpus?: number;
  memoryBytes?: number;
  diskBytes?: number;
}

export interface OsinfoSystem {
  id: string;
  shortIds: string[];
  name: string;
  version: string;
  vendor: string;
  /** "linux", "winnt", "freebsd" ... */
  family: string;
  distro: string;
  /** "released", "prerelease", "rolling", "snapshot" */
  status: string;
  released: string | null;
  ends: string | null;
  /** Addresses of systems whose devices and resources it has, too */
  parents: string[];
  media: OsinfoMedium[];
  resources: OsinfoResources[];
  /** Addresses of devices */
  devices: string[];
  withoutDevices: string[];
  firmware: { architecture: string; type: 'bios' | 'efi'; supported: boolean }[];
  images: { architecture: string; url: string; format: string; cloudInit: boolean }[];
}

export interface OsinfoDatabase {
  /** Changes with its form, so that a cache of another version of ours is not taken for one of this */
  form: typeof databaseForm;
  systems: OsinfoSystem[];
  /** Names of devices by address */
  devices: Record<string, string>;
}

export const databaseForm = 1;
