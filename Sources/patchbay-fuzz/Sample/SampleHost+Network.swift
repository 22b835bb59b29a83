extension SampleHost {
    /// An interface on a card in a bond in a bridge, a VLAN, a macvlan, tables of routes and sockets.
    mutating func addNetwork() {
        let card = "sys/devices/pci0000:00/0000:00:02.0/0000:02:00.0"
        interface("eth0", at: "\(card)/net/eth0", index: 2)
        link("\(card)/net/eth0/device", to: card)
        let virtual = "sys/devices/virtual/net"
        for (index, name) in ["lo", "bond0", "br0", "vlan7", "macvtap0", "ovs-system", "tap0"].enumerated() {
            interface(name, at: "\(virtual)/\(name)", index: index + 3)
        }
        attributes("\(virtual)/bond0/bonding", "slaves=eth0\nmode=active-backup 1\nactive_slave=eth0\nmii_status=up")
        link("\(card)/net/eth0/master", to: "\(virtual)/bond0")
        link("\(card)/net/eth0/upper_bond0", to: "\(virtual)/bond0")
        link("\(virtual)/bond0/lower_eth0", to: "\(card)/net/eth0")
        link("\(virtual)/bond0/master", to: "\(virtual)/br0")
        folder("\(virtual)/br0/bridge")
        link("\(virtual)/br0/brif/bond0", to: "\(virtual)/bond0/brport")
        link("\(virtual)/br0/lower_bond0", to: "\(virtual)/bond0")
        link("\(virtual)/vlan7/lower_bond0", to: "\(virtual)/bond0")
        link("\(virtual)/macvtap0/lower_eth0", to: "\(card)/net/eth0")
        file("proc/net/vlan/config", "VLAN Dev name    | VLAN ID\nvlan7          | 7  | bond0\n")
        file(
            "proc/net/bonding/bond0",
            "Bonding Mode: fault-tolerance\nSlave Interface: eth0\nPermanent HW addr: 00:15:17:ab:cd:ef\n")
        attributes("\(card)/infiniband/mlx5_0", "node_type=1: CA\nnode_guid=0015:17ff:feab:cdef")
        link("sys/class/infiniband/mlx5_0", to: "\(card)/infiniband/mlx5_0")
        for process in ["proc/1", "proc/self"] {
            file(
                "\(process)/net/route",
                "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
                    + "br0\t00000000\t0100000A\t0003\t0\t0\t425\t00000000\t0\t0\t0\n"
                    + "vlan7\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n")
            file(
                "\(process)/net/ipv6_route",
                "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
                    + "fe800000000000000000000000000001 00000400 00000001 00000000 00000003 br0\n")
            file(
                "\(process)/net/tcp",
                "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
                    + "   0: 0500000A:0016 0900000A:C001 01 00000000:00000000 00:00000000 00000000     0        0 1 1\n"
            )
            file("\(process)/net/tcp6", "  sl  local_address remote_address st\n")
            file("\(process)/net/fib_trie", "Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 10.0.0.5\n        /32 host LOCAL\n")
            file("\(process)/net/if_inet6", "fe800000000000000000000000000001 02 40 20 80     eth0\n")
            file("\(process)/net/dev", "Inter-|\n face |\n  eth0: 1 2 3\n")
            file("\(process)/net/arp", "IP address HW type\n10.0.0.1 0x1 0x2 00:00:00:00:00:01 * br0\n")
        }
    }

    private mutating func interface(_ name: String, at path: String, index: Int) {
        attributes(
            path,
            "address=00:15:17:ab:cd:ef\nperm_addr=00:15:17:ab:cd:ef\naddr_assign_type=0\nifindex=\(index)\niflink=\(index)\noperstate=up\ncarrier=1\ntype=1\nflags=0x1003\nspeed=10000\ndev_port=0\nphys_port_name=p0\nphys_switch_id=0015"
        )
        link("sys/class/net/\(name)", to: path)
        file("run/udev/data/n\(index)", "E:ID_NET_NAME_PATH=enp2s0\n")
    }
}
