import PatchbayCore

/// A line of `devspec.jsonl`: a host's `device_spec` and which of its entries each device matches first.
struct NovaDeviceSpecCase {
    private let line: NovaValue
    private let expected: NovaValue

    init(_ line: NovaValue) throws {
        self.line = line
        let recorded = try line.need("expect")
        expected = recorded["as_documented"] ?? recorded
    }

    func differences() throws -> [String] {
        let host = try host()
        var specs: [NovaDeviceSpec] = []
        do {
            for text in try line.needList("device_spec") {
                specs += try NovaDeviceSpec.parse(
                    text.text ?? "", on: host, reportsToPlacement: line["report_in_placement"] == .bool(true))
            }
        } catch let refusal as NovaRefusal {
            return Self.differences(refusal, expected)
        }
        guard expected["error"] == .null else {
            return ["accepted, expected the refusal \(expected["error"] ?? .null)"]
        }
        return try tagDifferences(specs) + matchDifferences(specs, host)
    }

    /// The fact of the refusal and its kind; where Nova crashed instead of refusing, any refusal is right.
    static func differences(_ refusal: NovaRefusal, _ expected: NovaValue) -> [String] {
        guard let error = expected["error"]?.text else {
            return ["refused (\(refusal.sentence)), expected it to be accepted"]
        }
        if expected["clean"] == .bool(false) { return [] }
        let names = refusal.kind.novaNames
        return names.contains(error) ? [] : ["refused as \(names), expected \(error)"]
    }

    private func tagDifferences(_ specs: [NovaDeviceSpec]) throws -> [String] {
        let theirs = try expected.needList("specs")
        guard theirs.count == specs.count else { return ["\(specs.count) entries, expected \(theirs.count)"] }
        return zip(specs, theirs).flatMap { own, their in
            own.tags == their["tags"]?.fields && .bool(own.isRemoteManaged) == their["remote_managed"]
                ? [] : ["tags \(own.tags), expected \(their)"]
        }
    }

    private func matchDifferences(_ specs: [NovaDeviceSpec], _ host: NovaHost) throws -> [String] {
        let devices = try line.needList("devices").map(Self.device)
        let ours = specs.firstMatches(devices, on: host)
        return zip(devices, zip(ours, try expected.needList("match"))).compactMap { device, answers in
            // A device out of range is left out, by Nova with an error.
            if answers.1["error"] != nil { return answers.0 == nil ? nil : "\(device.address) matched, expected not" }
            return answers.0 == answers.1.integer
                ? nil : "\(device.address) matched \(answers.0 as Int?, default: "none"), expected \(answers.1)"
        }
    }

    static func device(_ value: NovaValue) throws -> NovaDevice {
        NovaDevice(
            type: try value.needText("dev_type"), address: try PCIAddress(try value.needText("address")),
            vendor: try id(value, "vendor_id"), product: try id(value, "product_id"),
            parent: try value["parent_addr"]?.text.map { try PCIAddress($0) },
            numaNode: value["numa_node"]?.integer.map { NUMANode($0) },
            cardSerial: value["capabilities"]?["vpd"]?["card_serial_number"]?.text)
    }

    private static func id(_ value: NovaValue, _ name: String) throws -> UInt16 {
        let text = try value.needText(name)
        guard let id = UInt16(text, radix: 16) else { throw UnreadableCase(description: "\(name) is \(text)") }
        return id
    }

    private func host() throws -> NovaHost {
        let facts = try line.need("host")
        var host = NovaHost()
        for text in try facts.needList("pfs") {
            let address = try PCIAddress(text.text ?? "")
            let ids = facts["pf_ids"]?[text.text ?? ""]?.list?.compactMap { $0.text.flatMap { UInt16($0, radix: 16) } }
            guard let ids, ids.count == 2 else { throw UnreadableCase(description: "pf_ids lacks \(address)") }
            let product = facts["vf_product"]?[text.text ?? ""]?.text.flatMap { UInt16($0, radix: 16) }
            host.parents[address] = NovaHost.Parent(
                id: PCIID(vendor: ids[0], device: ids[1]), virtualProduct: product)
        }
        for (name, interface) in try facts.need("netdevs").fields ?? [:] {
            host.interfaces[name] = try PCIAddress(try interface.needText("address"))
        }
        return host
    }
}

extension NovaRefusal.Kind {
    /// Nova's exceptions for the same fact.
    var novaNames: [String] {
        switch self {
        case .malformed: ["PciConfigInvalidSpec"]
        case .malformedAddress: ["PciDeviceWrongAddressFormat"]
        case .twoPlaces: ["PciDeviceInvalidDeviceName"]
        case .interfaceMissing: ["PciDeviceRemoteManagedNotPresent"]
        case .remoteManagedParent: ["PciDeviceInvalidPFRemoteManaged"]
        case .malformedAlias: ["PciInvalidAlias"]
        case .unknownAlias: ["PciRequestAliasNotDefined", "PciInvalidAlias"]
        case .unclearPolicy: ["InvalidPCINUMAAffinity", "ImagePCINUMAPolicyForbidden"]
        case .unreportable: ["PlacementPciException"]
        case .noDevices: ["PciDeviceRequestFailed"]
        case .dependentDevices: ["PlacementPciDependentDeviceException"]
        case .mixedClasses: ["PlacementPciMixedResourceClassException"]
        case .mixedTraits: ["PlacementPciMixedTraitsException"]
        // Nova goes on, and placement then refuses what it is told.
        case .stillAllocated: []
        }
    }
}
