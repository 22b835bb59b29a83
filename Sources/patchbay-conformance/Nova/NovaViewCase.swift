import PatchbayCore

/// A line of `placement_view.jsonl`: a host's devices, and what placement is told of them.
struct NovaViewCase {
    private let line: NovaValue
    private let expected: NovaValue

    init(_ line: NovaValue) throws {
        self.line = line
        expected = try line.need("expect")
    }

    /// The recorded answer is one that placement itself would have refused.
    var isDangling: Bool { expected["dangling"] == .bool(true) }

    func differences() throws -> [String] {
        let devices = try line.needList("devices").map(Self.device)
        let view: NovaView
        do {
            view = try reporting(devices).view(
                of: devices, over: try known(),
                leaving: Set(try line.needList("same_host_resize").compactMap(\.text)))
        } catch let refusal as NovaRefusal { return NovaDeviceSpecCase.differences(refusal, expected) }
        guard expected["error"] == .null else {
            return ["accepted, expected the refusal \(expected["error"] ?? .null)"]
        }
        return try differences(of: view)
    }

    private func differences(of view: NovaView) throws -> [String] {
        let providers = NovaValue.list(view.placement.providers.map(Self.value))
        let allocations = NovaValue.object(
            view.placement.allocations.mapValues { consumer in
                .object(consumer.mapValues { .object($0.mapValues { .number("\($0)") }) })
            })
        let pairs: [(String, NovaValue)] = [
            ("providers", providers), ("allocations", allocations), ("healed", .bool(view.isHealed)),
        ]
        return try pairs.compactMap { name, ours in
            let theirs = try expected.need(name)
            return ours == theirs ? nil : "\(name) \(ours), expected \(theirs)"
        }
    }

    private static func value(_ provider: NovaProvider) -> NovaValue {
        let inventory = provider.inventories.mapValues { inventory in
            var fields = ["total": NovaValue.number("\(inventory.total)"), "max_unit": .number("\(inventory.maxUnit)")]
            if inventory.reserved > 0 { fields["reserved"] = .number("\(inventory.reserved)") }
            return NovaValue.object(fields)
        }
        return .object([
            "name": .text(provider.name), "traits": .list(provider.traits.map { .text($0) }),
            "inventory": .object(inventory),
        ])
    }

    private func reporting(_ devices: [NovaTrackedDevice]) throws -> NovaReporting {
        let isOn = line["report_in_placement"] == .bool(true)
        let specs = try line.needList("device_spec").map {
            try NovaDeviceSpec($0.fields ?? [:], reportsToPlacement: isOn)
        }
        var facts = NovaHost()
        for parent in devices.map(\.device) where parent.type == "type-PF" {
            let child = devices.first { $0.device.parent == parent.address }
            facts.parents[parent.address] = NovaHost.Parent(
                id: PCIID(vendor: parent.vendor, device: parent.product), virtualProduct: child?.device.product)
        }
        for (name, interface) in try line.need("netdevs").fields ?? [:] {
            facts.interfaces[name] = try PCIAddress(try interface.needText("address"))
        }
        return NovaReporting(host: "host1", specs: specs, facts: facts, isOn: isOn)
    }

    private static func device(_ value: NovaValue) throws -> NovaTrackedDevice {
        NovaTrackedDevice(try NovaDeviceSpecCase.device(value), holder: value["instance"]?.text)
    }

    private func known() throws -> NovaPlacement {
        let prior = try line.need("prior")
        let providers = try prior.needList("providers").map { provider in
            guard let total = provider["total"]?.integer else {
                throw UnreadableCase(description: "total is not a number")
            }
            return NovaProvider(
                name: try provider.needText("name"), traits: try provider.needList("traits").compactMap(\.text),
                inventories: [try provider.needText("resource_class"): NovaInventory(total: total)])
        }
        let allocations = try prior.need("allocations").fields ?? [:]
        return NovaPlacement(
            providers: providers,
            allocations: allocations.mapValues { consumer in
                (consumer.fields ?? [:]).mapValues { ($0.fields ?? [:]).compactMapValues(\.integer) }
            })
    }
}
