// What the operator hears about an entry of the list of origins.
import assert from 'node:assert/strict';
import test from 'node:test';
import { originMistake } from '../../../web/proxy/access/origin-mistake.js';

test('the entry and the mistake', () => {
  const shown = [
    ['https://www.example.com/', 'leave out the "/" at the end'],
    ['capacitor://localhost/', 'leave out the "/" at the end'],
    ['https://www.example.com/shop', 'leave out what follows https://www.example.com'],
    ['www.example.com', 'write https:// in front'],
    ['example.com:8443', 'write https:// in front'],
    ['localhost', 'write http:// in front'],
    ['localhost:3000', 'write http:// in front'],
    ['127.0.0.1:3000', 'write http:// in front'],
    ['https://a.example https://b.example', 'separate origins by commas'],
    ['https://a.example;https://b.example', 'separate origins by commas'],
    [' https://a.example', 'leave out the spaces round it'],
    ['"https://a.example"', 'leave out the quotes'],
    ['*', 'there are no wildcards, list each origin'],
    ['https://*.example.com', 'there are no wildcards, list each origin'],
    ['null', 'every sandboxed frame and every file sends null'],
    ['https://WWW.example.com', 'browsers send https://www.example.com'],
    ['https://www.example.com:443', 'browsers send https://www.example.com'],
    ['https://bücher.example', 'browsers send https://xn--bcher-kva.example'],
    ['file:///index.html', 'it must look like https://www.example.com or capacitor://localhost'],
    ['https://', 'it must look like https://www.example.com or capacitor://localhost'],
  ];
  for (const [entry, remedy] of shown)
    assert.equal(originMistake(['https://good.example', entry]), `"${entry}" is no origin: ${remedy}`);
});

test('what may be a secret is not repeated', () => {
  for (const [entry, remedy] of [
    ['https://user:planted@a.example', 'leave out user and password'],
    ['https://a.example/?planted=1', 'leave out what follows https://a.example'],
    ['https://a.example#planted', 'leave out what follows https://a.example'],
    ['plantedSecretOfBase64/+==', 'write https:// in front'],
    [`https://${'planted'.repeat(20)}.example/`, 'leave out the "/" at the end'],
    ['https://a.example\u0000planted', 'it must look like https://www.example.com or capacitor://localhost'],
  ])
    assert.equal(originMistake([entry]), `entry 1 is no origin: ${remedy}`);
  assert.equal(originMistake(['https://a.example', 7]), 'entry 2 is no text');
});

test('origins have no mistake', () => {
  assert.equal(originMistake([]), null);
  assert.equal(originMistake(['https://a.example', 'http://127.0.0.1:3000', 'capacitor://localhost']), null);
});
