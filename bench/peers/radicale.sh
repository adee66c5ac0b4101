#!/usr/bin/env bash
# Starts Debian's radicale on loopback in the folder $DATA at $PORT; prints the calendar's URL when it answers.
set -eu
mkdir -p "$DATA"
echo 'user1:user1' > "$DATA/htpasswd"
cat > "$DATA/config" <<CFG
[server]
hosts = 127.0.0.1:$PORT
max_connections = 200
[auth]
type = htpasswd
htpasswd_filename = $DATA/htpasswd
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = $DATA/collections
[web]
type = none
[logging]
level = warning
CFG
radicale --config "$DATA/config" > "$DATA/log" 2>&1 &
echo $! > "$DATA/pid"
for _ in $(seq 100); do curl -s -o /dev/null "http://127.0.0.1:$PORT/" && break; sleep 0.1; done
curl -s -o /dev/null -u user1:user1 -X MKCALENDAR "http://127.0.0.1:$PORT/user1/calendar/"
echo "http://127.0.0.1:$PORT/user1/calendar/"
