#!/usr/bin/env bash
# Starts Debian's cyrus-imapd on loopback in the folder $DATA at $PORT; prints the calendar's URL when it answers.
# Needs root: Cyrus changes to its own user.
set -eu
[ "$(id -u)" = 0 ] || { echo 'needs root' >&2; exit 1; }
IMAP=$((PORT + 1))
mkdir -p "$DATA"/conf/{db,proc,socket,log,msg,quota,user,sync,ptclient,lock} "$DATA/spool"
cat > "$DATA/imapd.conf" <<CFG
configdirectory: $DATA/conf
defaultpartition: default
partition-default: $DATA/spool
admins: cyrus
servername: 127.0.0.1
virtdomains: off
unixhierarchysep: yes
altnamespace: yes
allowplaintext: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: $DATA/sasldb2
sasl_mech_list: PLAIN
httpmodules: caldav carddav webdav
caldav_realm: cyrus
httpprettytelemetry: no
hashimapspool: true
mboxlist_db_path: $DATA/conf/mailboxes.db
tls_session_timeout: 0
statuscache: on
caldav_allowscheduling: on
CFG
cat > "$DATA/cyrus.conf" <<CFG
START {
  recover cmd="/usr/lib/cyrus/bin/ctl_cyrusdb -C $DATA/imapd.conf -r"
}
SERVICES {
  http cmd="/usr/lib/cyrus/bin/httpd -C $DATA/imapd.conf" listen="127.0.0.1:$PORT" prefork=2 maxchild=60
  imap cmd="/usr/lib/cyrus/bin/imapd -C $DATA/imapd.conf" listen="127.0.0.1:$IMAP" prefork=0 maxchild=5
}
EVENTS {
}
CFG
for user in cyrus user1; do echo "$user" | saslpasswd2 -p -c -f "$DATA/sasldb2" -u 127.0.0.1 "$user"; done
chmod 755 "$(dirname "$DATA")" "$DATA"
chown -R cyrus:mail "$DATA"
/usr/sbin/cyrmaster -C "$DATA/imapd.conf" -M "$DATA/cyrus.conf" -p "$DATA/master.pid" > "$DATA/log" 2>&1 &
echo $! > "$DATA/pid"
for _ in $(seq 100); do curl -s -o /dev/null "http://127.0.0.1:$PORT/" && break; sleep 0.1; done
python3 - "$IMAP" <<'PY'
import imaplib, sys
mail = imaplib.IMAP4('127.0.0.1', int(sys.argv[1]))
mail.login('cyrus', 'cyrus')
mail.create('user/user1')
mail.logout()
PY
echo "http://127.0.0.1:$PORT/dav/calendars/user/user1/Default/"
