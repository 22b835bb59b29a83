/// Disks that come in by a network interface without an address of their own: FCoE and AoE are protocols beside IP, so no
/// route leads to them.
extension BlockDevices {
    /// A disk of FCoE lies below its interface where that is a VLAN (`virtual/net/eth2.101-fcoe/ctlr_0/host8/…`); one of AoE
    /// lists its interfaces in `netif` (`drivers/block/aoe/aoeblk.c`), `none` while it has no path. Empty: it has none, or is
    /// another disk.
    private func interfaces(of name: String, _ link: String) -> [String] {
        if let range = link.firstRange(of: "/virtual/net/") {
            return [String(link[range.upperBound...].prefix { $0 != "/" })]
        }
        guard name.hasPrefix("etherd!"), let list = tree.line("\(directory(name))/netif"), list != "none" else {
            return []
        }
        return list.split(separator: ",").map { String($0.trimmingBlanks) }
    }

    /// The ways over those interfaces to the network cards. Empty: it is another disk.
    func waysOverNetwork(from name: String, _ link: String, _ names: [String]) -> [Way] {
        interfaces(of: name, link).flatMap { ways(over: $0, passed: names) }
    }

    private func ways(over interface: String, passed: [String]) -> [Way] {
        let names = passed + [interface]
        guard !passed.contains(interface), names.count < 32 else { return [Way(names: names, end: .unknown)] }
        if network.isHardware(interface) == true {
            return [Way(names: names, end: .disk(network.place(of: interface)))]
        }
        let lower = network.lowerInterfaces(interface)
        if lower.isEmpty { return [Way(names: names, end: .unknown)] }
        return lower.flatMap { ways(over: $0, passed: names) }
    }
}
