# The tunnel's interface, and what is sent into the tunnel: put it where your system configures its network.
ip link add ipsec1 type xfrm if_id 1
ip link set ipsec1 mtu 1400 up
ip route add 10.0.0.0/16 dev ipsec1
