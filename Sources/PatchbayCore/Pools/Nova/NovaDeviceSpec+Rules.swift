extension NovaDeviceSpec {
    /// Rules of ours that together match the same devices, on every host.
    ///
    /// Their tags are the entry's. Devices in domains above ffff, which Nova cannot see, are not kept out. Throws
    /// `.malformedRule` where no rules mean the same: an interface's name, parts of an address as regular expressions, a
    /// remote-managed device, a tag that is a list or an object.
    package func rules(named name: String) throws(Problem) -> [Rule] {
        let tags = try ruleTags()
        var conditions: [Condition] = []
        if let vendor { conditions.append(Condition(.vendor, .equal, vendor.hex(4))) }
        if let product { conditions.append(Condition(.device, .equal, product.hex(4))) }
        guard !isRemoteManaged else {
            throw Self.unsayable(
                "remote_managed needs a card's serial number, which a rule cannot match.",
                "Write a rule for its virtual functions, with the tag remote_managed=true.")
        }
        guard case .address(let pattern) = place else {
            throw Self.unsayable(
                "devname names an interface, and that name can change at every boot.", "Give its address instead.")
        }
        if let address = pattern.single {
            return [
                Rule(
                    name: name, conditions: conditions + [Condition(.address, .equal, address.description)], tags: tags),
                Rule(
                    name: "\(name) (virtual)",
                    conditions: conditions + [Condition(.parent, .equal, address.description)], tags: tags),
            ]
        }
        guard let expression = pattern.expression else {
            throw Self.unsayable(
                "Parts of its address are regular expressions.", "Write the address as text, with * for any part.")
        }
        if !pattern.isEverywhere { conditions.append(Condition(.address, .matches, expression)) }
        if conditions.isEmpty { conditions.append(Condition(.vendor, .notEqual, "")) }
        return [Rule(name: name, conditions: conditions, tags: tags)]
    }

    /// What the entry says of its devices. null is the empty value: whoever asks for none is served.
    private func ruleTags() throws(Problem) -> [String: String] {
        var written: [String: String] = [:]
        for (name, value) in tags.sorted(by: { $0.key < $1.key }) {
            let tag = WellKnownTag(rawValue: name)
            switch value {
            case .text(let text): written[name] = text
            case .number(let digits): written[name] = digits
            case .bool(let truth): written[name] = truth ? "true" : "false"
            case .null: if tag == nil || tag == .physicalNetwork { written[name] = "" }
            case .list, .object: throw Self.unsayable("The tag \(name) is \(value.kind).", "Write it as one text.")
            }
        }
        if written[WellKnownTag.remoteManaged.rawValue] != nil {
            written[WellKnownTag.remoteManaged.rawValue] = isRemoteManaged ? "true" : "false"
        }
        return written
    }

    private static func unsayable(_ why: String, _ next: NextStep) -> Problem {
        Problem(.malformedRule, "This device_spec cannot become a rule. \(why)", next: [next])
    }
}
