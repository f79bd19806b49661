// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { cloudHypervisorApi, firecrackerApi, readApi } from './testing-api.ts';

describe('Cloud Hypervisor', () => {
  const api = readApi(cloudHypervisorApi);
  const create = (body: unknown) => () => api.checkRequest('PUT', '/vm.create', body);

  test('its description is there', () => {
    expect(api.operations).toContain('PUT /vm.create');
    expect(api.operations.length).toBeGreaterThan(25);
  });

  test('right bodies are allowed', () => {
    expect(create({ payload: { kernel: '/k' }, memory: { size: 2 ** 30 } })).not.toThrow();
    expect(() => api.checkRequest('PUT', '/vm.boot', undefined)).not.toThrow();
    expect(() => api.checkAnswer('GET', '/vm.counters', 200, { _disk0: { read_bytes: 1 } })).not.toThrow();
  });

  test.each([
    ['a key that is not known', { payload: {}, disk: [] }],
    ['one further in', { payload: { kernal: '/k' } }],
    ['one in a list', { payload: {}, disks: [{ file: '/d' }] }],
    ['a value of another type', { payload: {}, memory: { size: '1G' } }],
    ['a word that is not in the list', { payload: {}, serial: { mode: 'pty' } }],
    ['a missing key', { cpus: { boot_vcpus: 1, max_vcpus: 1 } }],
    ['no body', undefined],
  ])('%s is not', (_what, body) => {
    expect(create(body)).toThrow(/vm\.create/);
  });

  test('neither are other paths, methods, and bodies where none belong', () => {
    expect(() => api.checkRequest('PUT', '/vm.explode', undefined)).toThrow('not in the API');
    expect(() => api.checkRequest('GET', '/vm.boot', undefined)).toThrow('not in the API');
    expect(() => api.checkRequest('PUT', '/vm.boot', {})).toThrow('takes no body');
    expect(() => api.checkAnswer('GET', '/vm.info', 200, { state: 'Running' })).toThrow('config');
  });
});

describe('Firecracker', () => {
  const api = readApi(firecrackerApi);

  test('parts of a path are filled in', () => {
    const drive = { drive_id: 'root', path_on_host: '/d', is_root_device: true };
    api.checkRequest('PUT', '/drives/root', drive);
    expect(() => api.checkRequest('PUT', '/drives/', drive)).toThrow('not in the API');
    expect(() => api.checkRequest('PUT', '/drives/root', { ...drive, isReadOnly: true })).toThrow(
      'isReadOnly',
    );
    expect(() => api.checkRequest('PUT', '/drives/root', undefined)).toThrow('needs a body');
  });

  test('answers are checked, errors with their own schema', () => {
    api.checkAnswer('PUT', '/actions', 400, { fault_message: 'no' });
    expect(() => api.checkAnswer('PUT', '/actions', 400, { fault: 'no' })).toThrow('fault');
  });
});
