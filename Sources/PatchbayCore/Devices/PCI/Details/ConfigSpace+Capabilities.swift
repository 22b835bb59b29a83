extension ConfigSpace {
    /// What the function announces. nil: no more than the standard header was read, or the device does not answer.
    package var capabilities: PCICapabilities? {
        guard !isSilent, let standard = standardList else { return nil }
        let extended = extendedList
        var result = PCICapabilities(
            standard: standard.entries.map { UInt8(truncatingIfNeeded: $0.id) },
            extended: extended?.entries.map(\.id), isSound: standard.isSound && extended?.isSound ?? true)
        // Of a capability that is there twice the first counts, as in the kernel (`pci_find_capability`).
        for entry in standard.entries.reversed() { addStandard(entry, to: &result) }
        for entry in (extended?.entries ?? []).reversed() { addExtended(entry, to: &result) }
        return result
    }

    private func addStandard(_ entry: Entry, to result: inout PCICapabilities) {
        switch entry.id {
        case 0x01: result.resetsOnPowerUp = word(entry.offset + 4).map { $0 & 0x8 == 0 } ?? false
        case 0x05: result.msiVectors = word(entry.offset + 2).map { 1 << min(Int($0 >> 1 & 7), 5) }
        case 0x10: result.express = express(entry.offset)
        case 0x11: result.msixVectors = word(entry.offset + 2).map { Int($0 & 0x7ff) + 1 }
        // Transactions Pending has to be there as well: the kernel waits for it (`pcie_af_flr`).
        case 0x13: result.hasAFReset = byte(entry.offset + 3).map { $0 & 0x3 == 0x3 } ?? false
        default: break
        }
    }

    private func addExtended(_ entry: Entry, to result: inout PCICapabilities) {
        switch entry.id {
        case 0x01: result.hasAER = true
        case 0x03: result.serialNumber = serialNumber(entry.offset)
        case 0x0d: result.acs = acs(entry.offset)
        case 0x0e: result.hasARI = true
        case 0x0f: result.ats = word(entry.offset + 6).map { $0 & 0x8000 != 0 }
        case 0x10: result.sriov = sriov(entry.offset)
        case 0x13: result.hasPRI = true
        case 0x15: result.resizableBARs = resizableBARs(entry.offset)
        case 0x1b: result.hasPASID = true
        default: break
        }
    }
}

extension ConfigSpace {
    /// A port that tells whether its link is up says that it is not: Link Capabilities bit 20, Link Status bit 13. False
    /// where that is not told.
    package var isLinkDown: Bool {
        guard !isSilent, let entry = standardList?.entries.first(where: { $0.id == 0x10 }),
            let flags = word(entry.offset + 2), let capable = double(entry.offset + 0x0c),
            let status = word(entry.offset + 0x12)
        else { return false }
        switch PCIExpressCapability.PortType(rawValue: UInt8(flags >> 4 & 0xf)) {
        case .rootPort, .downstreamPort: return capable >> 20 & 1 == 1 && status >> 13 & 1 == 0
        case .upstreamPort, .endpoint, .legacyEndpoint, .toConventionalBridge, .fromConventionalBridge,
            .integratedEndpoint, .eventCollector, nil:
            return false
        }
    }

    private func express(_ offset: Int) -> PCIExpressCapability? {
        guard let flags = word(offset + 2), let device = double(offset + 4) else { return nil }
        let type = PCIExpressCapability.PortType(rawValue: UInt8(flags >> 4 & 0xf))
        var capability = PCIExpressCapability(portType: type, hasFLR: device >> 28 & 1 == 1)
        guard type != .integratedEndpoint, type != .eventCollector, let link = double(offset + 0x0c) else {
            return capability
        }
        capability.maxSpeed = Self.speed(UInt8(link & 0xf))
        let width = Int(link >> 4 & 0x3f)
        capability.maxWidth = width == 0 ? nil : width
        return capability
    }

    /// Link speeds by their encoding, in hundredths of GT/s.
    private static func speed(_ code: UInt8) -> Int? {
        switch code {
        case 1: 250
        case 2: 500
        case 3: 800
        case 4: 1600
        case 5: 3200
        case 6: 6400
        default: nil
        }
    }

    private func serialNumber(_ offset: Int) -> UInt64? {
        guard let low = double(offset + 4), let high = double(offset + 8) else { return nil }
        return UInt64(high) << 32 | UInt64(low)
    }

    private func acs(_ offset: Int) -> ACS? {
        guard let capable = word(offset + 4), let enabled = word(offset + 6) else { return nil }
        return ACS(capable: ACS.Bits(rawValue: capable & 0x7f), enabled: ACS.Bits(rawValue: enabled & 0x7f))
    }

    private func sriov(_ offset: Int) -> SRIOVCapability? {
        guard let initial = word(offset + 0x0c), let total = word(offset + 0x0e), let number = word(offset + 0x10),
            let first = word(offset + 0x14), let stride = word(offset + 0x16), let device = word(offset + 0x1a)
        else { return nil }
        return SRIOVCapability(
            initialVFs: Int(initial), totalVFs: Int(total), numVFs: Int(number), firstOffset: Int(first),
            stride: Int(stride), vfDeviceID: device)
    }

    /// At most six, one a BAR. Sizes up to 128 TiB are bits of the capability register, those above of the control
    /// register. How many there are is in the first control register.
    private func resizableBARs(_ offset: Int) -> [ResizableBAR] {
        guard let first = double(offset + 8) else { return [] }
        return (0..<min(Int(first >> 5 & 7), 6)).compactMap { number in
            guard let capability = double(offset + 4 + 8 * number), let control = double(offset + 8 + 8 * number)
            else { return nil }
            let bits = UInt64(capability >> 4) | UInt64(control >> 16) << 28
            return ResizableBAR(
                index: Int(control & 7), sizes: (0..<44).filter { bits >> $0 & 1 == 1 },
                current: Int(control >> 8 & 0x3f))
        }
    }
}
