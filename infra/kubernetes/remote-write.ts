import type { RemoteWrite } from '../config/remote-write.ts';
import { metadata, type Part } from './context.ts';
import { type ObjectOf, object } from './object.ts';

const secretName = 'prometheus-remote-write';
const keys = { secret: 'REMOTE_WRITE_SECRET', user: 'user' } as const;
const from = (key: string) => ({ name: secretName, key });

/** `remoteWrite` of the custom resource: the same as in a laptop's file, in the operator's words. */
export const remoteWriteSpec = ({ url, auth, queue, relabel }: RemoteWrite) => ({
  url,
  name: 'remote',
  ...(auth?.scheme === 'bearer' && { authorization: { type: 'Bearer', credentials: from(keys.secret) } }),
  ...(auth?.scheme === 'basic' && {
    basicAuth: { username: from(keys.user), password: from(keys.secret) },
  }),
  ...(queue && { queueConfig: queue }),
  ...(relabel && {
    writeRelabelConfigs: relabel.map(({ action, labels, regex }) => ({
      action,
      ...(labels && { sourceLabels: labels }),
      regex,
    })),
  }),
});

/** What it says it is with. */
export const remoteWriteSecret = (
  self: Part,
  { auth }: Pick<RemoteWrite, 'auth'>,
): readonly ObjectOf<'Secret'>[] =>
  auth
    ? [
        object('Secret', metadata(self, secretName), {
          stringData: {
            [keys.secret]: { secretRef: 'REMOTE_WRITE_SECRET' },
            ...(auth.user !== undefined && { [keys.user]: auth.user }),
          },
        }),
      ]
    : [];
