# A Thrift client of another language on our DRPC server. Arguments: the description, DRPC's port.
import sys

import thriftpy2
from thriftpy2.protocol import TBinaryProtocolFactory
from thriftpy2.rpc import make_client
from thriftpy2.transport import TFramedTransportFactory

drpc = thriftpy2.load(sys.argv[1], module_name="drpc_thrift")
client = make_client(
    drpc.DistributedRPC,
    "127.0.0.1",
    int(sys.argv[2]),
    proto_factory=TBinaryProtocolFactory(),
    trans_factory=TFramedTransportFactory(),
    timeout=60000,
)
print("hello:", client.execute("exclamation", "hello"))
print("empty:", client.execute("exclamation", ""))
print("unicode:", client.execute("exclamation", "grüße-字-😀"))
print("long:", client.execute("exclamation", "x" * 1_000_000) == "x" * 1_000_000 + "!")
for function in ("fails", "nobody"):
    try:
        print(function, client.execute(function, "x"))
    except drpc.DRPCExecutionException as error:
        print(function, error.type, error.msg)
print("after:", client.execute("exclamation", "again"))
