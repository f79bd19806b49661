// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkImageName, imageNameProblem, nameOfDownload } from './image-name.ts';

test.each(['debian-13.iso', 'Windows 11 (x64).iso', 'a,b=c.img', '日本.iso', '-x.iso', 'ä'.repeat(127)])(
  '%s is a name',
  (name) => expect(checkImageName(name)).toBe(name),
);

test.each([
  ['', 'it is empty'],
  ['../x.iso', 'it begins with a dot'],
  ['.hidden', 'it begins with a dot'],
  ['a/b.iso', 'it holds a "/"'],
  ['a\0.iso', 'it holds a control character or an invisible one'],
  ['a\nb.iso', 'it holds a control character or an invisible one'],
  ['gpj\u202eosi.iso', 'it holds a control character or an invisible one'],
  ['a\ud800', 'it holds half a character'],
  ['ä'.repeat(128), 'it has more than 255 bytes'],
])('%j is none', (name, reason) => {
  expect(() => checkImageName(name)).toThrow(expect.objectContaining({ code: 'image-name-invalid' }));
  expect(imageNameProblem(name)).toBe(reason);
});

test('a name comes into its normal form', () => expect(checkImageName('a\u0308.iso')).toBe('ä.iso'));

const named = (url: string, disposition?: string) => nameOfDownload([new URL(url)], disposition);

describe('the name of a download', () => {
  test.each([
    ['http://a.b/c/debian%2013.iso?x=y.img#z', undefined, 'debian 13.iso'],
    ['http://a.b/c/', undefined, 'c'],
    ['http://a.b/', undefined, 'download'],
    ['http://a.b/100%.iso', undefined, '100%.iso'],
    ['http://a.b/..%2f..%2fetc%2fpasswd', undefined, 'passwd'],
    ['http://a.b/%2e%2e%2f.bashrc', undefined, 'bashrc'],
    ['http://a.b/a%00b.iso', undefined, 'a_b.iso'],
    ['http://a.b/x', 'attachment; filename="my \\"disk\\".img"', 'my "disk".img'],
    ['http://a.b/x', 'attachment; filename=plain.iso; size=1', 'plain.iso'],
    ['http://a.b/x', `attachment; filename="no.iso"; filename*=UTF-8''%e2%82%ac.iso`, '€.iso'],
    ['http://a.b/x', 'attachment; filename="../../.ssh/authorized_keys"', 'authorized_keys'],
    ['http://a.b/x', String.raw`attachment; filename="C:\\Temp\\w.iso"`, 'w.iso'],
    ['http://a.b/x', 'attachment; filename=".."', 'x'],
    ['http://a.b/x', 'inline', 'x'],
  ])('%s, %s', (url, disposition, name) => expect(named(url, disposition)).toBe(name));

  test('is that of the address which names a file', () => {
    const urls = [new URL('http://cdn.a/0fb3'), new URL('http://a.b/debian.iso')];
    expect(nameOfDownload(urls, undefined)).toBe('debian.iso');
    expect(nameOfDownload(urls.slice(0, 1), undefined)).toBe('0fb3');
  });

  test('is cut, and keeps how it ends', () => {
    const name = named(`http://a.b/${encodeURIComponent('€'.repeat(200))}.qcow2`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(name).toMatch(/^€+\.qcow2$/);
  });

  test('is always one that the library takes', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), fc.string({ unit: 'binary' }), (url, text) => {
        const path = new URL(url);
        path.pathname += encodeURIComponent(text.toWellFormed());
        expect(imageNameProblem(nameOfDownload([path], `attachment; filename="${text}"`))).toBeNull();
        expect(imageNameProblem(nameOfDownload([path], undefined))).toBeNull();
      }),
    );
  });
});
