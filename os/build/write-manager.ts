// SPDX-License-Identifier: Apache-2.0
//
// Collects the manager into a folder: for builders other than ours, such as os/fedora/Containerfile.
import { join, resolve } from 'node:path';
import { makeManagerTree } from './manager-tree.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('name the folder that the manager is to be collected in');
await makeManagerTree(join(import.meta.dirname, '../..'), resolve(folder));
