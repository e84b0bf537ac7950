# everything that may be left out is
/ip ipsec peer
add address=203.0.113.17/32 local-address=198.51.100.7 name=cloud
/ip ipsec identity
add peer=cloud secret="blue-Heron_57/tide"
/ip ipsec policy
add dst-address=10.0.1.0/24 peer=cloud src-address=192.168.1.0/24 tunnel=yes
