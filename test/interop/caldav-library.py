"""Creates, searches, syncs and deletes with python3-caldav. Arguments: URL, user, password."""
import datetime
import sys
import caldav

url, user, password = sys.argv[1:]
client = caldav.DAVClient(url=url, username=user, password=password)
principal = client.principal()
calendar = principal.make_calendar(name='Work')
assert 'Work' in [str(c.name) for c in principal.calendars()]
start = datetime.datetime(2026, 12, 1, 9, tzinfo=datetime.timezone.utc)
event = calendar.save_event(dtstart=start, dtend=start + datetime.timedelta(hours=1), summary='Standup', rrule={'FREQ': 'DAILY', 'COUNT': 5})
day = datetime.timedelta(days=1)
assert len(calendar.date_search(start + 2 * day, start + 3 * day, expand=True)) == 1
assert len(calendar.date_search(start + 9 * day, start + 10 * day)) == 0
objects = calendar.objects_by_sync_token(load_objects=True)
assert len(list(objects)) == 1
event.icalendar_component['summary'] = 'Changed'
event.save()
calendar.save_event(dtstart=start, dtend=start + datetime.timedelta(hours=1), summary='Other')
updated, deleted = objects.sync()
assert len(list(updated)) == 2 and len(list(deleted)) == 0
assert calendar.event_by_uid(event.icalendar_component['uid']).icalendar_component['summary'] == 'Changed'
event.delete()
updated, deleted = objects.sync()
assert len(list(updated)) == 0 and len(list(deleted)) == 1
todo = calendar.save_todo(summary='Task')
assert len(calendar.todos()) == 1
todo.complete()
assert len(calendar.todos()) == 0
calendar.delete()
print('done')
