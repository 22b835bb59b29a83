/// By what a USB device is found again after a replug or a boot: bus and device numbers are not among it.
package enum USBIdentity: Hashable, Codable, Sendable {
    /// The device itself, wherever it is plugged in.
    case serial(USBID, String)
    /// Whatever of this model is in a socket: two devices of one model without serials cannot be told apart otherwise.
    case socket(USBID, USBSocket)
}

extension USBIdentity: CustomStringConvertible {
    package var description: String {
        switch self {
        case .serial(let id, let serial): "\(id) with serial \(serial)"
        case .socket(let id, let socket): "\(id) in \(socket)"
        }
    }
}

extension USBIdentity {
    package var id: USBID {
        switch self {
        case .serial(let id, _), .socket(let id, _): id
        }
    }

    /// What it is recognised by, the most telling first.
    package var words: [String] {
        switch self {
        case .serial(let id, let serial): ["USB serial \(serial)", "model \(id)"]
        case .socket(let id, let socket): ["place \(socket)", "model \(id)"]
        }
    }
}
