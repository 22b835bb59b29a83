import PatchbayCore

extension LibvirtHypervisor {
    /// Throws `.unknownVM` when there is none of that name.
    static func find(_ name: String, _ connection: LibvirtConnection) throws -> LibvirtDomain {
        do throws(LibvirtError) {
            return try connection.domain(named: name)
        } catch  where error.code == .noDomain {
            throw unknown(name)
        }
    }

    /// What libvirt's error means to whoever asked for something.
    static func problem(_ error: LibvirtError, _ detail: String, _ connection: LibvirtConnection) -> Problem {
        guard connection.isAlive else {
            return error.problem(
                .hypervisorUnreachable, "The connection to libvirt broke.",
                next: ["Check that its daemon is running:  systemctl status libvirtd virtqemud"])
        }
        return switch error.code {
        case .noDomain: error.problem(.unknownVM, detail)
        case .domainExists: error.problem(.alreadyExists, detail)
        case .operationInvalid: error.problem(.wrongState, detail)
        case .operationFailed, .xmlError, .unsupportedConfiguration, .invalidSchema, nil:
            error.problem(.hypervisorRefused, detail)
        }
    }

    static func unknown(_ name: String) -> Problem {
        Problem(
            .unknownVM, "There is no VM \"\(name)\" on this host.", next: ["List the VMs:  virsh list --all"])
    }

    static func exists(_ name: String) -> Problem {
        Problem(
            .alreadyExists, "This host already has a VM \"\(name)\".", next: ["Choose another name."])
    }
}
