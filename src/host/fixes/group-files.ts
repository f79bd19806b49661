// SPDX-License-Identifier: Apache-2.0

/**
 * What the tools of the shadow package write when they change a group: the files, their last versions, and the file
 * through which they keep others out. gshadow may only be read by root, which is why we leave the change to them.
 */
export const groupFiles = ['/etc/group', '/etc/gshadow', '/etc/group-', '/etc/gshadow-', '/etc/.pwd.lock'];
