import { bytesOf, daysOf, type Load, sizeOfBytes, volumeOfBytes } from '../sizing/load.ts';
import { lokiLogBytes, lokiVolumeBytes, prometheusBytes } from '../sizing/storage.ts';
import { type KubernetesConfig, loadOf } from './kubernetes.ts';

/** What says how long something is kept, and on how much disk. */
interface Kept {
  readonly scrapeInterval: string;
  readonly prometheus: { readonly retentionTime: string };
  readonly loki: { readonly retention: string; readonly storage?: object | undefined };
}

/** The least that samples and log lines of the load need, as their keys are written. */
export const leastDisks = (kept: Kept, load: Load) => {
  const days = (text: string): number => daysOf(text) ?? 0;
  const scrapeSeconds = days(kept.scrapeInterval) * 86_400;
  return {
    retentionSize: sizeOfBytes(prometheusBytes(load, days(kept.prometheus.retentionTime), scrapeSeconds)),
    lokiVolume: volumeOfBytes(
      kept.loki.storage ? lokiLogBytes(load) : lokiVolumeBytes(load, days(kept.loki.retention)),
    ),
  };
};

/** Disks that the load would fill before its time: the oldest samples would go early, and Loki would end. */
export function diskComplaints(
  kept: Kept & { readonly prometheus: { readonly retentionSize: string } },
  kubernetes: KubernetesConfig,
): readonly { readonly path: readonly string[]; readonly input: string; readonly allowed: string }[] {
  const least = leastDisks(kept, loadOf(kubernetes));
  const { series, logsPerDay } = kubernetes.load;
  const { retentionTime, retentionSize } = kept.prometheus;
  const { volume } = kubernetes.loki;
  // Those of the cluster keep what they keep.
  const { prometheus, loki } = kubernetes.existing ?? {};
  return [
    ...(!prometheus && (bytesOf(retentionSize) ?? 0) < (bytesOf(least.retentionSize) ?? 0)
      ? [
          {
            path: ['prometheus', 'retentionSize'],
            input: retentionSize,
            allowed: `at least ${least.retentionSize} for ${series} series kept ${retentionTime}`,
          },
        ]
      : []),
    ...(!loki && Number.parseInt(volume, 10) < Number.parseInt(least.lokiVolume, 10)
      ? [
          {
            path: ['kubernetes', 'loki', 'volume'],
            input: volume,
            allowed: `at least ${least.lokiVolume} for ${logsPerDay} of lines a day kept ${kept.loki.storage ? 'until they are in loki.storage' : kept.loki.retention}`,
          },
        ]
      : []),
  ];
}
