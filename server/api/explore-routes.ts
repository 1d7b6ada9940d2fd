/** Explore: any field by any field over time; and questions that people keep. */
import { explore_query_schema } from '@apiary/model/api/explore.ts';
import { report_answer_schema } from '@apiary/model/api/reports.ts';
import {
  save_question_schema,
  saved_question_schema,
  saved_questions_schema,
} from '@apiary/model/api/saved.ts';
import { report_formats } from '@apiary/model/report-kinds.ts';
import { z } from 'zod';
import { writeReport } from '../exports/report-file.ts';
import { makeExploration } from '../reports/explore.ts';
import { runReport } from '../reports/run-report.ts';
import { listSaved, removeSaved, saveQuestion } from '../state/saved-questions.ts';
import type { ApiContext, ZodApp } from './app.ts';
import { requireUser } from './guard.ts';

const file_query = explore_query_schema.extend({ format: z.enum(report_formats) });

function readQuestion({ measure, by, over, top, ...filter }: z.output<typeof explore_query_schema>) {
  const entry = makeExploration({
    measures: measure ?? ['events'],
    by: by ?? [],
    over_time: over === 'time',
    top,
  });
  return { entry, filter };
}

export function registerExplore(app: ZodApp, { view, state, now_ms }: ApiContext): void {
  app.get(
    '/explore',
    {
      schema: {
        tags: ['reports'],
        summary: 'Any field by any field, over time or over the whole period',
        querystring: explore_query_schema,
        response: { 200: report_answer_schema },
      },
    },
    async (request) => {
      const { query } = request;
      const { entry, filter } = readQuestion(query);
      return runReport(entry, view(request), filter, now_ms());
    },
  );

  app.get(
    '/explore/file',
    {
      schema: {
        tags: ['reports'],
        summary: 'The same as CSV, JSON, Parquet or HTML',
        querystring: file_query,
      },
    },
    async (request, reply) => {
      const { format, ...rest } = request.query;
      const { entry, filter } = readQuestion(rest);
      const file = await writeReport(entry, view(request), filter, format, now_ms());
      return reply
        .type(file.type)
        .header('content-disposition', `attachment; filename="${file.name}"`)
        .send(file.bytes);
    },
  );

  app.get(
    '/saved',
    {
      schema: {
        tags: ['reports'],
        summary: 'Questions that people kept',
        response: { 200: saved_questions_schema },
      },
    },
    async (request) => {
      const { name, honeynets } = requireUser(request).user;
      // An address may name what others may not see.
      return { saved: listSaved(state, honeynets === null ? null : name) };
    },
  );

  app.post(
    '/saved',
    {
      schema: {
        tags: ['reports'],
        summary: 'Keeps a question: the address of a page under a name',
        body: save_question_schema,
        response: { 201: saved_question_schema },
      },
    },
    async (request, reply) =>
      reply.code(201).send(saveQuestion(state, requireUser(request).user.name, request.body, now_ms())),
  );

  app.delete(
    '/saved/:saved_id',
    {
      schema: {
        tags: ['reports'],
        summary: 'Removes one that was kept',
        params: z.object({ saved_id: z.coerce.number().int().min(1) }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { name, role, honeynets } = requireUser(request).user;
      const actor = { name, is_administrator: role === 'administrator', sees_all: honeynets === null };
      removeSaved(state, actor, request.params.saved_id);
      return reply.code(204).send(null);
    },
  );
}
