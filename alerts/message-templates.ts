import { commonTemplates } from './messages/common.ts';
import { emailTemplates } from './messages/email.ts';
import { pagerdutyTemplates } from './messages/pagerduty.ts';
import { slackTemplates } from './messages/slack.ts';
import { teamsTemplates } from './messages/teams.ts';

/** Go templates for Alertmanager: what each kind of receiver shows. */
export const messageTemplates = [
  commonTemplates,
  slackTemplates,
  pagerdutyTemplates,
  teamsTemplates,
  emailTemplates,
].join('\n');
