import type { Fault, FaultRequest } from '../../services/kit/faults/file.ts';
import type { ServiceName } from '../../telemetry/contract/services.ts';

interface ActiveFault extends Fault {
  readonly service: ServiceName;
}

interface HeldProcess {
  readonly name: string;
  /** How long. */
  readonly detail: string;
}

/** A running stack whose services can be made to misbehave, and whose processes can be held down. */
export interface FaultHost {
  /** What is on now. */
  faults(): Promise<readonly ActiveFault[]>;
  begin(request: FaultRequest): Promise<Fault>;
  /** Ends all faults of a service. */
  end(service: ServiceName): Promise<void>;
  held(): Promise<readonly HeldProcess[]>;
  /** Stops a process for so many seconds; `onHeld` is told as soon as it is down, and by what that ends. */
  hold(name: string, seconds: number, onHeld: (how?: string) => void): Promise<void>;
  release(name: string): Promise<void>;
}
