/** Log-in and users. */
import {
  add_user_schema,
  change_password_schema,
  change_user_schema,
  log_in_schema,
  me_schema,
  user_schema,
} from '@apiary/model/api/account.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { z } from 'zod';
import {
  addUser,
  beginLogin,
  changeUser,
  checkPassword,
  endLogin,
  findLogin,
  listUsers,
  login_whole_ms,
} from '../state/users.ts';
import type { ApiContext, ZodApp } from './app.ts';
import { cookie_name, cookieOptions, requireUser } from './guard.ts';
import { account_limits, address_limits, requireNoWait, Throttle } from './throttle.ts';

/** Each check takes 19 MiB and some 30 ms of a core; more at once are refused, not queued. */
const checks_max = 8;

function registerLogin(app: ZodApp, { state, demo, now_ms }: ApiContext): void {
  const by_account = new Throttle(account_limits);
  const by_address = new Throttle(address_limits);
  let checks = 0;

  async function check(name: string, password: string, address: string): Promise<number> {
    const account = name.toLowerCase();
    requireNoWait(Math.max(by_account.waitFor(account, now_ms()), by_address.waitFor(address, now_ms())));
    requireNoWait(checks >= checks_max ? 1000 : 0);
    checks += 1;
    by_account.begin(account);
    by_address.begin(address);
    try {
      const user = await checkPassword(state, name, password);
      if (user === null) {
        // Only of names that there are: others would let anybody fill the log.
        if (listUsers(state).some((one) => one.name.toLowerCase() === account))
          state.change(account, 'log-in refused', address, {}, () => undefined);
        by_account.fail(account, now_ms());
        by_address.fail(address, now_ms());
        throw new OperationalError('unauthenticated', 'name or password is wrong');
      }
      by_account.succeed(account);
      return user.user_id;
    } finally {
      checks -= 1;
      by_account.end(account);
      by_address.end(address);
    }
  }

  app.post(
    '/login',
    {
      config: { open: true },
      schema: { tags: ['account'], summary: 'Log in', body: log_in_schema, response: { 200: me_schema } },
    },
    async (request, reply) => {
      const user_id = await check(request.body.name, request.body.password, request.ip);
      const { token } = beginLogin(state, user_id, now_ms());
      reply.setCookie(cookie_name, token, { ...cookieOptions(request), maxAge: login_whole_ms / 1000 });
      const login = findLogin(state, token, now_ms())!;
      state.change(login.user.name, 'log in', request.ip, {}, () => undefined);
      return { ...login, demo };
    },
  );

  app.post(
    '/password',
    {
      config: { persons_only: true },
      schema: {
        tags: ['account'],
        summary: 'Change your own password; other log-ins of yours end',
        body: change_password_schema,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { user } = requireUser(request);
      await check(user.name, request.body.password, request.ip);
      await changeUser(state, user.name, user.user_id, { password: request.body.new_password });
      const { token } = beginLogin(state, user.user_id, now_ms());
      reply.setCookie(cookie_name, token, { ...cookieOptions(request), maxAge: login_whole_ms / 1000 });
      return reply.status(204).send(null);
    },
  );
}

export function registerAccount(app: ZodApp, context: ApiContext): void {
  const { state, demo, guard } = context;
  registerLogin(app, context);

  app.get(
    '/me',
    { schema: { tags: ['account'], summary: 'Who is logged in', response: { 200: me_schema } } },
    async (request) => {
      const { user, ends_ms } = requireUser(request);
      return { user, ends_ms, demo };
    },
  );

  app.post(
    '/logout',
    {
      config: { persons_only: true },
      schema: { tags: ['account'], summary: 'Log out', response: { 204: z.null() } },
    },
    async (request, reply) => {
      endLogin(state, requireUser(request).token);
      reply.clearCookie(cookie_name, cookieOptions(request));
      return reply.status(204).send(null);
    },
  );

  const preHandler = guard.requireRole('administrator');
  app.get(
    '/users',
    {
      config: { persons_only: true },
      preHandler,
      schema: { tags: ['account'], summary: 'All users', response: { 200: z.array(user_schema) } },
    },
    async () => listUsers(state),
  );
  app.post(
    '/users',
    {
      config: { persons_only: true },
      preHandler,
      schema: {
        tags: ['account'],
        summary: 'Add a user',
        body: add_user_schema,
        response: { 201: user_schema },
      },
    },
    async (request, reply) =>
      reply.status(201).send(await addUser(state, requireUser(request).user.name, request.body)),
  );
  app.patch(
    '/users/:user_id',
    {
      config: { persons_only: true },
      preHandler,
      schema: {
        tags: ['account'],
        summary: 'Change role, access or password of a user',
        params: z.object({ user_id: z.coerce.number().int() }),
        body: change_user_schema,
        response: { 200: user_schema },
      },
    },
    async (request) =>
      changeUser(state, requireUser(request).user.name, request.params.user_id, request.body),
  );
}
