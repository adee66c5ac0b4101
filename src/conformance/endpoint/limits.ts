/** Bodies up to this must be taken by every push service (RFC 8030 section 7.2), octets. */
export const maxBodyBytes = 4096;
