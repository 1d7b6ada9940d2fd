/** What the command line does with the rules of families. */
import { filter_schema } from '@apiary/model/api/filter.ts';
import { own_rule_schema } from '@apiary/model/api/rules.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { listRules, putRule, removeRule, switchRule, tryChange } from './analysis/rule-desk.ts';
import { readInput } from './read-input.ts';
import { resolvePeriod, showPeriod } from './reports/scope.ts';
import type { ApiaryServer } from './server.ts';

type Args = Record<string, string>;

function readRule(text: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new OperationalError('input_invalid', `the rule is no JSON: ${(error as Error).message}`);
  }
  return readInput(own_rule_schema, value, 'the rule');
}

function requireName(args: Args): string {
  if (args.name === undefined) throw new OperationalError('input_invalid', 'the name of a rule is missing');
  return args.name;
}

function change(apiary: ApiaryServer, actor: string, work: (by: Parameters<typeof putRule>[0]) => boolean) {
  if (work({ state: apiary.state, actor, now_ms: Date.now() })) apiary.analysis.renew();
  return {};
}

const period_schema = filter_schema.pick({ last: true, from: true, to: true });

export const rule_orders = {
  ruleList: async ({ state }: ApiaryServer) => listRules(state),
  /** `rule`: JSON of one that would be put in place; or `name` and `is_on` of one that would be switched. */
  ruleTry: async ({ store, state, config }: ApiaryServer, args: Args) => {
    const asked = readInput(period_schema, JSON.parse(args.filter ?? '{}'), 'the period');
    const now_ms = Date.now();
    const period = resolvePeriod(asked, now_ms);
    const tried =
      args.name === undefined
        ? { rule: readRule(args.rule ?? '') }
        : { switch: { name: args.name, is_on: args.is_on !== 'no' } };
    const trial = await tryChange({ state, now_ms }, store, config.analysis.pause_seconds, tried, period);
    return { period: showPeriod(period), ...trial };
  },
  rulePut: async (apiary: ApiaryServer, args: Args, actor: string) => {
    const rule = readRule(args.rule ?? '');
    change(apiary, actor, (by) => putRule(by, rule));
    return { name: rule.name };
  },
  ruleOn: async (apiary: ApiaryServer, args: Args, actor: string) =>
    change(apiary, actor, (by) => switchRule(by, requireName(args), true)),
  ruleOff: async (apiary: ApiaryServer, args: Args, actor: string) =>
    change(apiary, actor, (by) => switchRule(by, requireName(args), false)),
  ruleRemove: async (apiary: ApiaryServer, args: Args, actor: string) =>
    change(apiary, actor, (by) => removeRule(by, requireName(args))),
} as const;
