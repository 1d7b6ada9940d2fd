import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { seededRandom } from '../../tests/rig/random.ts';
import { wrapPayload } from './hpfeeds.ts';
import { decodeMessages, encodeError, encodeInfo, isSigned, parseSecrets } from './hpfeeds-messages.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

describe('messages of hpfeeds', () => {
  // The bytes are those of the protocol's own documentation.
  const auth = hex('00000021 02 07 636c69656e7431 afaeae5fc761191be3f9cece5ffb70bc506942a4');
  const publish = hex(
    '00000059 03 09 6234616132406870 31 09 6d7763617074757265 31333739343161336438353839663637323839323463303835363130373062636562356437326238 2c 687474703a2f2f312e322e332e342f63616c632e657865',
  );
  const subscribe = hex('00000016 04 07 636c69656e7431 6d7763617074757265');

  it('are read as the documentation shows them', () => {
    const { messages, used, is_sound } = decodeMessages(Buffer.concat([auth, publish, subscribe]), 1000);
    assert.equal(used, auth.length + publish.length + subscribe.length);
    assert.equal(is_sound, true);
    assert.deepEqual(messages, [
      { kind: 'auth', ident: 'client1', signature: auth.subarray(-20) },
      {
        ...{ kind: 'publish', ident: 'b4aa2@hp1', channel: 'mwcapture' },
        payload: Buffer.from('137941a3d8589f6728924c08561070bceb5d72b8,http://1.2.3.4/calc.exe'),
        original_size: 64,
      },
      { kind: 'subscribe', ident: 'client1', channel: 'mwcapture' },
    ]);
  });

  it('are written as the documentation shows them', () => {
    assert.deepEqual(encodeError('Invalid ident'), hex('00000012 00 496e76616c6964206964656e74'));
    assert.deepEqual(encodeInfo('hpfeeds', Buffer.alloc(4)), hex('00000011 01 07 68706665656473 00000000'));
  });

  it('wait until they are whole', () => {
    for (let length = 0; length < publish.length; length += 1) {
      const { messages, used, is_sound } = decodeMessages(publish.subarray(0, length), 1000);
      assert.deepEqual([messages.length, used, is_sound], [0, 0, true]);
    }
  });

  it('are refused where lengths or operations lie', () => {
    const broken = [
      hex('00000004 03'),
      hex('ffffffff 03'),
      hex('00000006 01 00'),
      hex('00000006 63 00'),
      hex('00000008 03 05 6162'),
      // A signature of 19 bytes.
      Buffer.concat([hex('00000020 02 07 636c69656e7431'), Buffer.alloc(19)]),
      // More than any client may send is refused before it has come.
      hex('01000001 03'),
    ];
    for (const bytes of broken)
      assert.equal(decodeMessages(bytes, 100).is_sound, false, bytes.toString('hex'));
  });

  it('are cut where the payload is too long, and told how much more is to come', () => {
    const long = Buffer.concat([hex('000007d9 03 01 61 01 62'), Buffer.alloc(2000, 'x')]);
    // The two texts may be 512 bytes with their lengths: so much is waited for, whatever they are.
    assert.deepEqual(decodeMessages(long.subarray(0, 616), 100).messages, []);
    for (const behind of [subscribe, Buffer.alloc(0)]) {
      const { messages, used, skip } = decodeMessages(Buffer.concat([long, behind]), 100);
      assert.deepEqual([used, skip], [long.length + behind.length, 0]);
      assert.deepEqual(messages[0], {
        ...{
          kind: 'publish',
          ident: 'a',
          channel: 'b',
          payload: Buffer.alloc(100, 'x'),
          original_size: 2000,
        },
      });
      assert.equal(messages.length, behind.length === 0 ? 1 : 2);
    }
    const { messages, used, skip, is_sound } = decodeMessages(long.subarray(0, 700), 100);
    assert.deepEqual([messages.length, used, skip, is_sound], [1, 700, 2009 - 700, true]);
  });

  it('never throw, whatever the bytes, and never use more than there is', () => {
    const random = seededRandom(7);
    const sound = Buffer.concat([auth, publish, subscribe]);
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Buffer.from(sound.subarray(Math.floor(random() * 10)));
      for (let hits = 0; hits < 4; hits += 1)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      assert.ok(decodeMessages(bytes, 1000).used <= bytes.length);
    }
  });

  it('prove an ident by SHA-1 of nonce and secret', () => {
    const nonce = Buffer.of(1, 2, 3, 4);
    const signature = createHash('sha1').update(nonce).update('s3cret').digest();
    assert.equal(isSigned(signature, nonce, 's3cret'), true);
    assert.equal(isSigned(signature, Buffer.of(1, 2, 3, 5), 's3cret'), false);
    assert.equal(isSigned(signature.subarray(1), nonce, 's3cret'), false);
  });

  it('have their secrets in a file of lines', () => {
    const secrets = parseSecrets('# made today\n\nhp1 a secret with words \n  hp2\tx\nlonely\n');
    assert.deepEqual(
      [...secrets],
      [
        ['hp1', 'a secret with words'],
        ['hp2', 'x'],
      ],
    );
  });

  it('are wrapped exactly, also where they are no text', () => {
    assert.equal(
      wrapPayload('hp1', 'ch', Buffer.of(0xff, 0)).toString(),
      '{"ident":"hp1","channel":"ch","payload":{"$hex":"ff00"}}',
    );
    assert.equal(
      wrapPayload('hp1', 'ch', Buffer.from('"ž"')).toString(),
      '{"ident":"hp1","channel":"ch","payload":"\\"ž\\""}',
    );
  });
});
