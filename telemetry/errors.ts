/**
 * Every failure that a person can cause or mend has a code, says what went wrong, where, and how to fix it.
 * The table is the only place where codes are declared; docs/reference/errors.md is generated from it.
 */
export const errorCodes = {
  // SL10xx: starting up, the command line
  SL1001: 'The Node that runs the command is too old to start at all',
  SL1002: 'npm is missing',
  SL1003: 'npm ci failed',
  SL1004: 'Node 24 could not be had or does not run',
  SL1005: 'The clone cannot be written to, so nothing can be installed',
  SL1006: 'Unknown command, option or argument',
  SL1007: 'An option has a value outside its range',
  SL1008: 'The stack did not become healthy',
  SL1009: 'The stack of a game day did not become quiet before the first fault',
  // SL11xx: configuration and environment
  SL1101: 'An environment file cannot be read',
  SL1102: 'An environment file is not valid YAML',
  SL1103: 'A key of an environment file is unknown, missing or out of bounds',
  SL1104: 'An environment variable, or a line of .env, is not usable',
  SL1105: 'There is no such environment',
  SL1106: 'A key that pages people is set where the environment pages nobody',
  SL1107: 'A key of a Pulumi stack is unknown, missing or not allowed',
  SL1108: 'The kubeconfig does not lead to the cluster that a Pulumi stack is for',
  SL1109: 'A secret of a Pulumi stack is missing, not usable, not encrypted, or used by nothing',
  SL1110: 'A tool that deploying needs is missing, or refuses',
  SL1111: 'What a new stack needs to know is missing, and there is no terminal to ask on',
  SL1112: 'Alertmanager does not give or take silences',
  SL1113: 'A backup cannot be read or written, or is none',
  // SL12xx: the toolchain
  SL1201: 'A tool could not be had in any of the ways there are',
  SL1202: 'A download does not have the checksum that was published with it',
  SL1203: 'An installed tool does not run, or reports another version than the one asked for',
  SL1204: 'The cache of tools cannot be written',
  SL1205: 'Another run has held the lock of a tool for too long',
  SL1206: 'Finding a tool was cancelled',
  SL1207: 'There is no tool of that name',
  SL1208: 'A release archive is damaged, too large, or lacks the binary',
  // SL13xx: the local supervisor, its state and its ports
  SL1301: 'The state directory cannot be written',
  SL1302: 'A directory is not a Sightline state directory',
  SL1303: 'A port that the stack needs is in use',
  SL1304: 'The plan of processes is not possible (ports, names, files)',
  SL1305: 'The supervisor did not start',
  SL1306: 'The supervisor ended unexpectedly or does not answer',
  SL1307: 'A stack with another port offset already runs on this state directory',
  SL1308: 'Another command holds the lock of this stack',
  SL1309: 'A request to the supervisor is not valid',
  SL1310: 'No stack is running',
  SL1311: 'A process could not be ended',
  SL1312: 'The directory of the control socket is not safe to use',
  SL1313: 'The stack runs already, with other extras than were asked for',
  SL1314: 'Docker does not do with the stack in containers what it is asked for',
  // SL14xx: the contract, queries, instrumentation
  SL1440: 'LOG_LEVEL is not a level',
  SL1441: 'OTEL_EXPORTER_OTLP_ENDPOINT is not an HTTP address',
  SL1442: 'OTEL_TRACES_SAMPLER or its argument is not understood',
  SL1443: 'A label value is outside the set that the contract declares',
  SL1444: 'The labels of a sample are not those of the metric',
  SL1445: 'A metric that the contract does not let this service emit',
  SL1446: 'A value that the metric cannot take',
  SL1447: 'A health check is registered twice',
  SL1448: 'A health check did not answer in time',
  // SL15xx: alerts, routing, inbox
  SL1501: 'The query of an alert rule is not valid, or names what does not exist',
  SL1502: 'An alert rule compares with a bare number',
  SL1503: 'The labels of an alert are not those that its rule declares, or its text names another',
  SL1504: 'Two alert rules have the same name and severity',
  SL1505: 'A runbook is missing, incomplete, or belongs to no rule',
  SL1506: 'An alert links to a dashboard or a variable that does not exist',
  SL1507: 'The tiers of a family of alerts do not fit together',
  SL1508: 'A duration of an alert rule is not valid or too short for the scrape interval',
  SL1509: 'The routing names a receiver that does not exist, or never uses one',
  SL1510: 'A query whose times should be scaled cannot be read',
  SL1511: 'An environment variable of the inbox has a value it does not understand',
  SL1512: 'The inbox cannot listen on its port',
  SL1513: 'The database file of the inbox cannot be opened',
  SL1515: 'The mutation check cannot judge: scenarios fail on a rule that is whole, or did not run',
  SL1516: 'An alert rule lacks a scenario of its kind, or a scenario says nothing about a rule',
  SL1517: 'An alert rule does not do what its scenario says',
  SL1518: 'The record of the mutation check cannot be read',
  SL1520: 'An inhibition names alerts that do not exist, or compares a label that they do not carry',
  SL1521: 'A route that no alert can take',
  SL1522: 'The heartbeat could be delayed, mixed with other alerts, inhibited or muted',
  SL1523: 'A critical alert could be muted, or does not reach the receiver for incidents',
  SL1531: 'The objective of an SLO is not a share between 0 and 1',
  SL1532: 'A burn rate of an SLO can never be reached, so that its alert could not fire',
  SL1533: 'The period of an SLO is too long for the time that Prometheus keeps samples',
  SL1534: 'The latency threshold of an SLO is no bucket bound of its histogram',
  SL1535: 'The period of an SLO is too short for its burn-rate windows',
  SL1536: 'An SLO counts with what is no counter, or what its service does not emit',
  SL1537: 'The id of an SLO is used twice or not in kebab-case',
  SL1538: 'A recording rule is not valid, or its labels or its name are not those that are declared',
  SL1540: 'An alert on absence fires when a single scrape is lost',
  SL1541: 'An alert rule compares nothing, so that it always fires',
  SL1542: 'A matcher names a histogram bucket that is never stored',
  SL1543: 'A rule can give too many results',
  SL1544: 'A comparison that filters stands where a number is calculated',
  SL1545: 'A critical alert does not say what makes it one',
  SL1546: 'A matcher names a value that the label never has',
  SL1547: 'A rule divides by what can be 0 or missing',
  SL1548: 'Two rules have the same expression',
  SL1549: 'A function does not fit the type of its metric',
  SL1550: 'The name of a rule breaks the conventions',
  SL1551: 'The sides of an `or` overlap or differ in their labels',
  SL1552: 'A quantile is not calculated from rates of buckets',
  SL1553: 'A query may read more samples than Prometheus allows',
  SL1554: 'Counters are aggregated before their rate is taken',
  SL1555: 'A regular expression in a matcher is not needed',
  SL1556: 'An alert chooses among series',
  SL1557: 'The template in a text of an alert is not valid',
  SL1558: 'A text of an alert says too little or too much',
  SL1559: 'An alert on `up` misses targets that are gone',
  SL1560: 'The sides of an operation never match',
  SL1561: 'A suppression of a check has expired, has no reason or is not needed',
  SL1562: 'Tiers or conditions of an alert contradict each other',
  // SL16xx: dashboards, preview
  SL1601: 'Panels of a dashboard overlap, leave a gap or leave the 24 columns',
  SL1602: 'A panel lacks its title, its description or its unit',
  SL1603: 'A panel asks a data source that is not provisioned',
  SL1604: 'A query of a dashboard cannot be parsed, or names what does not exist',
  SL1605: 'A dashboard uses a variable it does not declare, or declares one it does not use',
  SL1606: 'Ids of panels or queries are missing or used twice',
  SL1607: 'A panel draws a threshold that is not one of the contract',
  SL1608: 'A dashboard is not the one that the contract declares',
  SL1609: 'A panel cannot be read on a laptop’s screen',
  SL1610: 'A screen of a dashboard asks more at once than Prometheus works on',
  SL1611: 'An environment variable of the preview has a value it does not understand',
  SL1612: 'The rendered dashboards cannot be read',
  SL1613: 'There is no such dashboard or panel',
  SL1614: 'The preview passes on read queries only, and not this one',
  SL1615: 'Prometheus, Loki or Alertmanager did not answer the preview',
  SL1616: 'An answer is too large for the preview',
  SL1617: 'The preview cannot listen on its port',
  SL1618: 'The dashboards cannot be generated from their sources',
  SL1619: 'The recorded set of the pictures cannot compute a query',
  SL1620: 'A picture of a dashboard cannot be drawn or written',
  SL1621: 'A panel can never show data',
  SL1622: 'A panel shows more than what is chosen on its dashboard',
  SL1623: 'A legend or a link names a label that the series do not have',
  SL1624: 'A query over time has a range of a fixed length',
  SL1625: 'A function in a panel does not fit the type of its metric',
  SL1626: 'The settings of a dashboard keep it from being used as generated',
  SL1627: 'An exception from a check of dashboards has no reason, or excuses nothing',
  SL1631: 'A saved query cannot be parsed, or names what does not exist',
  SL1632: 'There is no such saved query or parameter, or a value is not allowed',
  SL1633: 'A saved query lacks a text, or its id is not its own',
  SL1634: 'Grafana did not take the saved queries',
  SL1635: 'The address or the token of Grafana is not usable',
  // SL17xx: services, events, faults
  SL1701: 'An environment variable of a service has a value it does not understand',
  SL1702: 'A database file of a service cannot be opened',
  SL1703: 'A service cannot listen on its port',
  SL1704: 'The secret that signs tokens cannot be used',
  SL1705: 'There is no such fault, or the service cannot have it',
  SL1706: 'The rate or the duration of a fault is out of range',
  SL1707: 'A faults file is not valid',
  SL1708: 'There is no such dead letter',
  SL1709: 'The configuration of the log pipeline is not valid',
  SL1710: 'The file of API keys cannot be used',
  SL1711: 'There is no such API key',
  SL1712: 'An API key cannot be made as asked for',
  SL1720: 'Another process already works on the queue of the log pipeline',
  SL1721: 'There is no such dead letter of the log pipeline',
  SL1722: 'An acknowledged log entry was lost, or a damaged one delivered',
  SL1723: 'The queue of the log pipeline is damaged',
  SL1724: 'There is no queue of the log pipeline where it was looked for',
  // SL18xx: rendering and checking
  SL1801: 'A real tool refuses a generated file',
  SL1802: 'A reference between rooms leads nowhere',
  SL1820: 'A game day expects an alert that no rule raises, or nothing at all',
  SL1821: 'The Pulumi program fails',
  SL1822: 'No registry of images answers, or an image is not there',
  SL1803: 'A metric of the catalogue is not what its component exposes',
  SL1804: 'The verification of the catalogue is missing or stale',
  SL1806: 'Loki did not do its work for the scenarios of log rules',
  SL1805: 'A component of the catalogue cannot be made to run, or there is none of that name',
  SL1810: 'An alert was turned off up to a day that is over, and is on again',
  SL1811: 'The scenarios of an alert do not hold with an override of it',
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof errorCodes;

export interface ErrorDetail {
  /** What went wrong, with the value that was given. */
  readonly what: string;
  /** The file, field, variable, host or process it is about. */
  readonly where: string;
  /** The command or edit that mends it. */
  readonly fix: string;
  readonly cause?: unknown;
}

/** The same as data: what a check found, or an error that crosses a process boundary. */
export interface Problem extends Omit<ErrorDetail, 'cause'> {
  readonly code: ErrorCode;
  /** The page of the repository that explains it. */
  readonly page?: string;
}

/** What of an error crosses a process boundary: not its cause, which may hold anything. */
export function problemOf({ code, what, where, fix }: SightlineError): Problem {
  return { code, what, where, fix };
}

/** An error that is meant to be read by a person: `SL1203 what (where). Fix: …`. */
export class SightlineError extends Error implements Problem {
  readonly code: ErrorCode;
  readonly what: string;
  readonly where: string;
  readonly fix: string;

  constructor(code: ErrorCode, detail: ErrorDetail) {
    super(
      `${code} ${detail.what} (${detail.where}). Fix: ${detail.fix}`,
      detail.cause === undefined ? {} : { cause: detail.cause },
    );
    this.name = 'SightlineError';
    this.code = code;
    this.what = detail.what;
    this.where = detail.where;
    this.fix = detail.fix;
  }
}
