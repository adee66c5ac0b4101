#!/usr/bin/env bash
# Starts Debian's xandikos on loopback in the folder $DATA at $PORT; prints the calendar's URL when it answers.
set -eu
mkdir -p "$DATA/dav"
xandikos -d "$DATA/dav" --current-user-principal /user1/ --defaults -l 127.0.0.1 -p "$PORT" > "$DATA/log" 2>&1 &
echo $! > "$DATA/pid"
for _ in $(seq 100); do curl -s -o /dev/null "http://127.0.0.1:$PORT/" && break; sleep 0.1; done
echo "http://127.0.0.1:$PORT/user1/calendars/calendar/"
