extension NovaDeviceSpec {
    /// Rules of ours that together match the same devices, on every host.
    ///
    /// Devices in domains above ffff, which Nova cannot see, are not kept out. Tags say nothing about which devices are
    /// meant and are left behind. Throws `.malformedRule` where no rules mean the same: an interface's name, parts of an
    /// address as regular expressions, a remote-managed device.
    package func rules(named name: String) throws(Problem) -> [Rule] {
        var conditions: [Condition] = []
        if let vendor { conditions.append(Condition(.vendor, .equal, vendor.hex(4))) }
        if let product { conditions.append(Condition(.device, .equal, product.hex(4))) }
        guard !isRemoteManaged else {
            throw Self.unsayable(
                "remote_managed asks for a card's serial number, which a rule cannot.", "Leave it out.")
        }
        guard case .address(let pattern) = place else {
            throw Self.unsayable(
                "devname names an interface, and that name can change at every boot.", "Give its address instead.")
        }
        if let address = pattern.single {
            return [
                Rule(name: name, conditions: conditions + [Condition(.address, .equal, address.description)]),
                Rule(
                    name: "\(name) (virtual)",
                    conditions: conditions + [Condition(.parent, .equal, address.description)]),
            ]
        }
        guard let expression = pattern.expression else {
            throw Self.unsayable(
                "Parts of its address are regular expressions.", "Write the address as text, with * for any part.")
        }
        if !pattern.isEverywhere { conditions.append(Condition(.address, .matches, expression)) }
        if conditions.isEmpty { conditions.append(Condition(.vendor, .notEqual, "")) }
        return [Rule(name: name, conditions: conditions)]
    }

    private static func unsayable(_ why: String, _ next: String) -> Problem {
        Problem(.malformedRule, "This device_spec cannot be a rule. \(why)", next: [next])
    }
}
