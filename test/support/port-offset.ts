export { freePortOffset, isFree } from '../../infra/local/pick-ports.ts';
