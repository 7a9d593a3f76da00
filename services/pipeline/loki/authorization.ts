/** Who the pipeline is to what stands before Loki. */
interface Access {
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

/** The header of basic authentication; none where nobody asks for a password. */
export const lokiAuthorization = ({ user, password }: Access): { readonly authorization?: string } =>
  user === undefined || password === undefined
    ? {}
    : { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
