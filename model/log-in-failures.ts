/** What the page says of a log-in elsewhere that came to nothing. Its address has the code only: anybody can make a link. */
export const log_in_failures = {
  provider_away:
    'The other log-in does not answer as it should; the log of the server says more. Try again later.',
  refused: 'The log-in was refused or broken off there. Begin again.',
  too_late: 'The log-in took too long, or began in another browser. Begin again.',
  no_group: 'You are in no group that may use Apiary. An administrator of Apiary can tell which may.',
  name_taken:
    'There is a user of your name here already, who logs in with a password. Ask an administrator of Apiary.',
  disabled: 'You are disabled here. An administrator of Apiary can change that.',
  failed: 'The answer of the other log-in was not accepted; the log of the server says why. Begin again.',
} as const;
export type LogInFailureCode = keyof typeof log_in_failures;
