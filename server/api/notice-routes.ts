/** What the server itself noticed, as a certificate on two hosts: an administrator who has looked into it lays it aside. */
import { OperationalError } from '@apiary/model/errors.ts';
import { z } from 'zod';
import type { ApiContext, ZodApp } from './app.ts';
import { requireUser } from './guard.ts';

export function registerNotices(app: ZodApp, { state, guard, now_ms }: ApiContext): void {
  app.post(
    '/notices/:alert_id/close',
    {
      preHandler: guard.requireWhole('administrator'),
      schema: {
        tags: ['sensors'],
        summary: 'Lay a notice of the page Sensors aside; the same comes again where it happens again',
        params: z.object({ alert_id: z.coerce.number().int().min(0) }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { alert_id } = request.params;
      const notice = state.get<{ kind: string; subject: string; message: string; count: number }>(
        'SELECT kind, subject, message, count FROM alert WHERE alert_id = ? AND closed_ms IS NULL',
        alert_id,
      );
      if (notice === undefined)
        throw new OperationalError('not_found', `there is no open notice ${alert_id}`);
      state.change(requireUser(request).user.name, 'close notice', notice.subject, notice, () =>
        state.run('UPDATE alert SET closed_ms = ? WHERE alert_id = ?', now_ms(), alert_id),
      );
      return reply.status(204).send(null);
    },
  );
}
