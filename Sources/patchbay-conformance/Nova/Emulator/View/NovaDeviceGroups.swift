import PatchbayCore

/// The devices of a host by the provider that stands for them.
struct NovaDeviceGroups {
    /// By name of the provider.
    private(set) var drafts: [String: NovaProviderDraft] = [:]
    /// By name of the provider: devices that are held and that no entry matches any more.
    private var orphans: [String: [NovaTrackedDevice]] = [:]

    mutating func add(
        _ device: NovaTrackedDevice, _ terms: NovaDeviceTerms, to name: String
    ) throws(NovaRefusal) {
        if drafts[name] == nil {
            drafts[name] = try NovaProviderDraft(name: name, first: device, terms)
        } else {
            try drafts[name]?.add(device, terms)
        }
    }

    /// A device that no entry matches. It matters only while somebody holds it.
    mutating func leave(_ device: NovaTrackedDevice, of name: String) {
        if device.holder != nil { orphans[name, default: []].append(device) }
    }

    var warnings: [NovaView.Warning] {
        orphans.values.joined().sorted { $0.device.address < $1.device.address }.map {
            NovaView.Warning(address: $0.device.address, holder: $0.holder ?? "")
        }
    }

    /// A physical function that is held cannot be given away in parts, nor the other way round.
    func checkKept() throws(NovaRefusal) {
        for (name, devices) in orphans.sorted(by: { $0.key < $1.key }) {
            guard let draft = drafts[name], let held = devices.first(where: { $0.isChild == draft.isOfParent }) else {
                continue
            }
            let instead = draft.isOfParent ? "its physical function" : "its virtual functions"
            throw NovaRefusal(
                .dependentDevices,
                "The device_spec names \(instead) in place of \(held.device.address), which \(held.holder ?? "") holds."
            )
        }
    }

    /// Those of a draft's orphans that were allocated as what the draft has, so that they still count.
    func kept(with draft: NovaProviderDraft, _ known: NovaPlacement) -> [NovaTrackedDevice] {
        (orphans[draft.name] ?? []).filter { device in
            known.allocations[device.holder ?? ""]?[draft.name]?[draft.terms.resourceClass] != nil
        }
    }

    /// Providers of others as they are, those of drafts as they come out, those of orphans as they are allocated. Sorted.
    func providers(over known: NovaPlacement) throws(NovaRefusal) -> [NovaProvider] {
        let usage = known.usage
        var providers: [NovaProvider] = []
        var before: [String: NovaProvider] = [:]
        for provider in known.providers {
            before[provider.name] = provider
            guard drafts[provider.name] == nil else { continue }
            if let left = try remainder(of: provider, usage[provider.name] ?? [:], known) { providers.append(left) }
        }
        for draft in drafts.values {
            let kept = kept(with: draft, known)
            providers.append(
                draft.provider(kept: kept, used: usage[draft.name] ?? [:], before: before[draft.name]))
        }
        return providers.sorted { $0.name < $1.name }
    }

    /// What stays of a provider that no entry speaks of; nil: nothing, it goes.
    private func remainder(
        of provider: NovaProvider, _ used: [String: Int], _ known: NovaPlacement
    ) throws(NovaRefusal) -> NovaProvider? {
        guard provider.isManaged else { return provider }
        guard !used.isEmpty else { return nil }
        guard orphans[provider.name] != nil else {
            let holders = known.consumers(of: provider.name).joined(separator: ", ")
            throw NovaRefusal(
                .stillAllocated,
                "No device stands behind \(provider.name) any more, and \(holders) still has an allocation of it.")
        }
        var left = provider
        left.inventories = used.mapValues { NovaInventory(total: $0) }
        return left
    }
}
