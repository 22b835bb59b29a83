import PatchbayAPI
import PatchbayCore
import PatchbayText

/// What is known of a device's hardware, who holds it, and how it is kept apart; only what is known.
package enum DeviceStory {
    package static func make(_ device: API.Device) -> Story {
        var story = Story()
        guard let details = device.details else { return story }
        story.section("Identity") { identity(details, &$0) }
        story.section("Isolation") { isolation(details, &$0) }
        story.section("Holders") { section in section.add("held by", (details.holders ?? []).map(\.words)) }
        story.section("Link and power") { link(details, &$0) }
        if let found = details.capabilities { story.section("Capabilities") { capabilities(found, &$0) } }
        story.section("Firmware") { firmware(details, &$0) }
        if let parent = details.mediated { story.section("Mediated devices") { MediatedStory.facts(of: parent, &$0) } }
        return story
    }

    private static func identity(_ details: API.DeviceDetails, _ section: inout Story.Section) {
        if let identity = details.identity { section.add("recognised by", identity.recognisedBy) }
        if let slot = details.slot {
            section.add(
                "slot",
                joining: [
                    slot.name.map { "slot \($0)" }, slot.label.map { "\"\($0)\"" }, slot.index.map { "onboard \($0)" },
                ])
        }
        if let path = details.path, !path.isEmpty { section.add("below", path.joined(separator: " → ")) }
    }

    private static func isolation(_ details: API.DeviceDetails, _ section: inout Story.Section) {
        guard let isolation = details.isolation else { return }
        section.add("verdict", isolation.words)
        section.add("because", isolation.reasons)
        section.add("reason for the group's size", isolation.causes)
    }

    private static func link(_ details: API.DeviceDetails, _ section: inout Story.Section) {
        section.add("link", details.link?.words ?? [])
        section.add("power", details.powerState)
        if details.isSilent == true {
            section.add("answers", "no: it cannot be read")
        }
    }

    private static func capabilities(_ found: API.Capabilities, _ section: inout Story.Section) {
        section.add("type", found.portType)
        section.add(
            "resets offered", found.resets.isEmpty ? "none" : found.resets.map(resetWords).joined(separator: ", "))
        section.add(
            "interrupts",
            joining: [found.msixVectors.map { "MSI-X \($0)" }, found.msiVectors.map { "MSI \($0)" }])
        if let acs = found.acs {
            let off = acs.capable.filter { !acs.enabled.contains($0) }
            section.add(
                "access control",
                [
                    acs.enabled.isEmpty ? "" : "on: \(acs.enabled.joined(separator: ", "))",
                    off.isEmpty ? "" : "off: \(off.joined(separator: ", "))",
                    acs.capable.isEmpty ? "present, but without any function" : "",
                ])
        }
        section.add(
            "address services",
            joining: [
                found.ats.map { "ATS \($0 ? "on" : "off")" }, found.hasPRI ? "PRI" : nil,
                found.hasPASID ? "PASID" : nil,
                found.hasARI ? "ARI" : nil, found.hasAER ? "AER" : nil,
            ])
        if let sriov = found.sriov {
            section.add(
                "SR-IOV", "\(sriov.numVFs) of \(sriov.totalVFs) virtual functions, device id \(sriov.vfDeviceID)")
        }
        section.add("resizable memory", found.resizableBARs.map(\.words))
        if !found.isSound {
            section.add("note", "the capability lists are damaged: capabilities after the damage are unknown")
        }
    }

    private static func resetWords(_ reset: String) -> String {
        switch reset {
        case "flr": "function level (FLR)"
        case "af": "function level (AF)"
        case "pm": "power state (D3hot)"
        default: reset
        }
    }

    private static func firmware(_ details: API.DeviceDetails, _ section: inout Story.Section) {
        if let rom = details.rom {
            section.add(
                "ROM",
                joining: [
                    rom.hasUEFI ? "has a UEFI image" : "no UEFI image: a UEFI guest shows no picture before its driver",
                    rom.codeTypes.contains(0) ? "legacy image" : nil, rom.isSound ? nil : "damaged",
                    rom.isShadow ? "a copy that the firmware may have changed" : nil,
                ])
        }
        if let errors = details.errors {
            let counts = [(errors.fatal, "fatal"), (errors.nonfatal, "not fatal"), (errors.correctable, "corrected")]
            let words = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
            section.add("errors since boot", words.isEmpty ? "none" : words.joined(separator: ", "))
        }
    }
}

extension API.ResizableBAR {
    fileprivate var words: String {
        let sizes = sizesMiB.map { SizeWords.mebibytes($0) }.joined(separator: ", ")
        return "BAR \(index): \(SizeWords.mebibytes(currentMiB)) of \(sizes)"
    }
}
