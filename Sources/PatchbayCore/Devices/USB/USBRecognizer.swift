/// Finds USB devices again after a boot or a plug. Made once for an inventory.
///
/// A serial wins over a place. Companion ports are one place. Without a telling serial a device of the same model in the
/// same socket is taken for it: nobody can tell two of those apart.
struct USBRecognizer: Sendable {
    private let bySerial: [USBIdentity: USBDevice]
    private let byModel: [USBID: [(device: USBDevice, socket: USBSocket)]]
    private let inventory: [USBAddress: USBDevice]

    init(_ inventory: Inventory) {
        var bySerial: [USBIdentity: USBDevice] = [:]
        var byModel: [USBID: [(device: USBDevice, socket: USBSocket)]] = [:]
        for device in inventory.usb where !device.isHub {
            byModel[device.id, default: []].append((device, inventory.socket(of: device)))
            if let serial = device.tellingSerial { bySerial[.serial(device.id, serial)] = device }
        }
        self.bySerial = bySerial
        self.byModel = byModel
        self.inventory = Dictionary(inventory.usb.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// - Parameter address: where it was; nil: not known. Only says whether it has another one now.
    func recognise(_ identity: USBIdentity, at address: USBAddress?) -> Recognition {
        switch identity {
        case .serial:
            if let device = bySerial[identity] { return found(device, at: address) }
        case .socket(let id, let socket):
            let there = (byModel[id] ?? []).filter { $0.socket.isSame(as: socket) }.map(\.device)
            // A device that is USB 2 and USB 3 shows at one of its ports at a time.
            if let device = there.first(where: { $0.address == address }) ?? there.first {
                return found(device, at: address)
            }
        }
        guard let other = address.flatMap({ inventory[$0] }) else { return .gone }
        return .changed(other.key, differences: differences(identity, other))
    }

    private func found(_ device: USBDevice, at address: USBAddress?) -> Recognition {
        address == nil || address == device.address ? .same(device.key) : .moved(device.key)
    }

    private func differences(_ identity: USBIdentity, _ device: USBDevice) -> [String] {
        guard device.id == identity.id else { return ["The model was \(identity.id) and is now \(device.id)."] }
        guard case .serial(_, let serial) = identity else { return ["It is in another socket."] }
        return ["The USB serial was \(serial) and is now \(device.serial ?? "none")."]
    }
}
