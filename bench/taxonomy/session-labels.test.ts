/** Labels and recordings fit together: every hash is that of a session, and the drawing is the one that was labelled. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tools } from '@apiary/model/taxonomy.ts';
import { recordings as data, missing } from '../../tests/recording.ts';
import { drawLabelled, recordingOf } from './draw-sessions.ts';
import { folderOf } from './recording-layouts.ts';
import { labelled_drawings, readLabels } from './session-labels.ts';

describe('labels', () => {
  test('use the words of the taxonomy, and no session twice', () => {
    for (const drawing of labelled_drawings) {
      const labels = readLabels(drawing);
      assert.equal(new Set(labels.map(({ hash }) => hash)).size, labels.length, drawing);
      for (const { hash, way, tool, family, campaign } of labels) {
        assert.match(hash, /^[0-9a-f]{64}$/);
        assert(['automated', 'human', 'unclear'].includes(way), way);
        assert(
          tools.some(({ name }) => name === tool),
          tool,
        );
        assert(family !== '' && campaign !== '');
      }
    }
    assert.equal(readLabels('tpot-2022').length, 300);
  });

  for (const drawing of labelled_drawings)
    test(`are of sessions of ${drawing}`, { skip: missing(folderOf(recordingOf(drawing))) }, () => {
      const drawn = drawLabelled(data, drawing);
      assert.deepEqual(
        drawn.map(({ hash, sensor }) => `${hash} ${sensor}`),
        readLabels(drawing).map(({ hash, sensor }) => `${hash} ${sensor}`),
      );
    });
});
