export { freePorts } from '../../infra/local/pick-ports.ts';
