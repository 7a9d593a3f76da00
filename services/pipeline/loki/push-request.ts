import { compress } from 'snappy';
import { encodePush, type PushStream } from './push-proto.ts';

/** Streams for one push: encoded once, however often it is tried. */
export class PushRequest {
  readonly streams: readonly PushStream[];
  #body: Promise<Buffer> | undefined;

  constructor(streams: readonly PushStream[]) {
    this.streams = streams;
  }

  /** Protobuf in snappy. */
  body(): Promise<Buffer> {
    this.#body ??= this.#encoded();
    return this.#body;
  }

  /** Encodes it ahead of the push; whoever pushes it learns of what goes wrong. */
  prepare(): void {
    this.body().catch(() => {});
  }

  async #encoded(): Promise<Buffer> {
    return compress(encodePush(this.streams));
  }
}
