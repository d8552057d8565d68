/** Where a visit's connection is: below the address of its page. */

/** The address of the connection, from that of the page. */
export function liveAddress(page: string): string {
  const address = new URL('live', page);
  address.protocol = address.protocol.replace('http', 'ws');
  address.search = address.hash = '';
  return address.href;
}
