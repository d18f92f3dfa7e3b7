"""What a kazoo user does with a ZooKeeper, printed line by line. Usage: kazoo-work.py HOSTS"""
import sys
import threading
from kazoo.client import KazooClient
from kazoo.exceptions import BadVersionError, NoAuthError, NodeExistsError, NoNodeError, NotEmptyError
from kazoo.recipe.counter import Counter
from kazoo.recipe.queue import LockingQueue, Queue
from kazoo.security import make_digest_acl

DEADLINE_S = 20


def open_client(**options):
    client = KazooClient(hosts=sys.argv[1], timeout=8, **options)
    client.start(timeout=DEADLINE_S)
    return client


def show(name, value):
    print(name, value, flush=True)


def refused(name, call, error):
    try:
        call()
    except error as caught:
        show(name, type(caught).__name__)
    else:
        show(name, "not refused")


def nodes(zk):
    show("version", ".".join(str(part) for part in zk.server_version()[:2]))
    show("create", zk.create("/work/a", b"one", makepath=True))
    refused("create again", lambda: zk.create("/work/a"), NodeExistsError)
    data, stat = zk.get("/work/a")
    show("get", (data, stat.version, stat.dataLength, stat.numChildren, stat.owner_session_id))
    show("set", zk.set("/work/a", b"two", version=0).version)
    refused("set version", lambda: zk.set("/work/a", b"x", version=0), BadVersionError)
    show("sequence", [zk.create("/work/n-", sequence=True) for _ in range(3)])
    ephemeral = zk.create("/work/e", ephemeral=True)
    show("owner", zk.exists(ephemeral).owner_session_id == zk.client_id[0])
    show("children", sorted(zk.get_children("/work")))
    show("children with stat", zk.get_children("/work", include_data=True)[1].children_count)
    refused("delete", lambda: zk.delete("/work"), NotEmptyError)
    refused("missing", lambda: zk.get("/work/none"), NoNodeError)
    show("exists", zk.exists("/work/none"))
    show("stat", zk.create("/work/s", b"x", include_data=True)[1].version)
    show("sync", zk.sync("/work"))
    show("ensured", zk.ensure_path("/work/deep/er/still"))


def transactions(zk):
    good = zk.transaction()
    good.create("/work/t", b"1")
    good.set_data("/work/t", b"2")
    good.check("/work/t", version=1)
    good.delete("/work/s")
    show("transaction", [getattr(result, "version", result) for result in good.commit()])
    bad = zk.transaction()
    bad.create("/work/u")
    bad.check("/work/t", version=9)
    show("rolled back", [type(result).__name__ for result in bad.commit()])
    show("nothing done", zk.exists("/work/u"))


def rights(zk):
    acl = [make_digest_acl("ada", "pw", all=True)]
    zk.create("/work/secret", b"s", acl=acl)
    refused("no right", lambda: zk.get("/work/secret"), NoAuthError)
    ada = open_client(auth_data=[("digest", "ada:pw")])
    show("right", ada.get("/work/secret")[0])
    show("acl", [(entry.perms, entry.id.scheme, entry.id.id) for entry in ada.get_acls("/work/secret")[0]])
    ada.delete("/work/secret")
    ada.stop()


def watches(zk, other):
    seen, done = [], threading.Event()

    @zk.DataWatch("/work/watched")
    def on_data(data, stat):
        seen.append(data)
        if data == b"2":
            done.set()

    other.create("/work/watched", b"0")
    for value in (b"1", b"2"):
        while seen[-1] is None or int(seen[-1]) != int(value) - 1:
            done.wait(0.01)
        other.set("/work/watched", value)
    show("data watch", (done.wait(DEADLINE_S), seen))
    lists, grown = [], threading.Event()

    @zk.ChildrenWatch("/work/watched")
    def on_children(children):
        lists.append(sorted(children))
        if len(children) == 1:
            grown.set()

    other.create("/work/watched/child")
    show("children watch", (grown.wait(DEADLINE_S), lists))


def recipes(zk, other):
    first, second = zk.Lock("/work/lock", "one"), other.Lock("/work/lock", "two")
    show("lock", first.acquire(timeout=DEADLINE_S))
    show("locked", second.acquire(blocking=False))
    show("contenders", first.contenders())
    first.release()
    show("lock passed on", second.acquire(timeout=DEADLINE_S))
    second.release()
    counter = Counter(zk, "/work/counter")
    for _ in range(5):
        counter += 2
    show("counter", Counter(other, "/work/counter").value)
    queue = Queue(zk, "/work/queue")
    for item in (b"a", b"b", b"c"):
        queue.put(item)
    show("queue", [Queue(other, "/work/queue").get() for _ in range(3)])
    locking = LockingQueue(zk, "/work/locking")
    locking.put(b"held")
    show("locking queue", (locking.get(timeout=DEADLINE_S), locking.consume()))
    barrier = zk.Barrier("/work/barrier")
    barrier.create()
    waiting = threading.Thread(target=lambda: other.Barrier("/work/barrier").wait(DEADLINE_S))
    waiting.start()
    barrier.remove()
    waiting.join(DEADLINE_S)
    show("barrier", waiting.is_alive())
    led = []
    zk.Election("/work/election", "one").run(lambda: led.append("led"))
    show("election", led)


def main():
    zk, other = open_client(), open_client()
    nodes(zk)
    transactions(zk)
    rights(zk)
    watches(zk, other)
    recipes(zk, other)
    ephemeral = zk.create("/work/gone", ephemeral=True)
    gone = threading.Event()
    other.exists(ephemeral, watch=lambda event: gone.set())
    zk.stop()
    show("ephemeral went", gone.wait(DEADLINE_S))
    other.delete("/work", recursive=True)
    show("deleted", other.exists("/work"))
    other.stop()


main()
