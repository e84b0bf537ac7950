# 2026-10-01 20:14:20 by RouterOS 7.16.2
# software id = ABCD-EFGH
#
/interface ethernet
set [ find default-name=ether1 ] comment=uplink
/ip ipsec profile
set [ find default=yes ] dpd-interval=2m dpd-maximum-failures=5
add dh-group=modp2048 enc-algorithm=aes-128 name=ike1-site2
/ip ipsec peer
add address=203.0.113.17/32 local-address=198.51.100.7 name=ike1-site2 \
    profile=ike1-site2
/ip ipsec proposal
add enc-algorithms=aes-128-cbc lifetime=1h name=ike1-site2 pfs-group=modp2048
/ip address
add address=198.51.100.7/24 interface=ether1 network=198.51.100.0
add address=192.168.1.1/24 interface=bridge network=192.168.1.0
/ip firewall nat
add action=accept chain=srcnat dst-address=10.0.1.0/24 src-address=\
    192.168.1.0/24
add action=masquerade chain=srcnat out-interface=ether1
/ip ipsec identity
add peer=ike1-site2 secret=blue-Heron_57/tide
/ip ipsec policy
set 0 dst-address=0.0.0.0/0 src-address=0.0.0.0/0
add dst-address=10.0.1.0/24 peer=ike1-site2 proposal=ike1-site2 src-address=\
    192.168.1.0/24 tunnel=yes
