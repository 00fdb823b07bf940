/**
 * Whether a `Host` header names loopback: a web page whose name was made to point here (DNS rebinding) says another one.
 *
 * @see https://owasp.org/www-community/attacks/DNS_Rebinding
 */
export function isLoopback(host: string | undefined): boolean {
    return /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(host ?? "");
}

/** Whether a request comes from a web page of elsewhere: browsers say of which, other clients say nothing. */
export function isForeignOrigin(origin: string | undefined, host: string | undefined): boolean {
    return origin !== undefined && origin.toLowerCase() !== `http://${host?.toLowerCase()}`;
}
