import CLibvirt
import PatchbayCore

/// The last error of the calling thread. libvirt keeps one a thread: read it right after the call, before any `await`.
struct LibvirtError: Error {
    /// The `virErrorNumber`s that we tell apart (`libvirt/virterror.h`).
    enum Code: Int32 {
        case operationFailed = 9
        case xmlError = 27
        case domainExists = 28
        case noDomain = 42
        case operationInvalid = 55
        case unsupportedConfiguration = 67
        case invalidSchema = 92
    }

    let code: Code?
    let message: String

    init(last calls: patchbay_libvirt) {
        guard let error = calls.virGetLastError() else {
            code = nil
            message = "libvirt gave no reason"
            return
        }
        code = Code(rawValue: error.pointee.code)
        message = error.pointee.message.map { String(cString: $0) } ?? "libvirt error \(error.pointee.code)"
    }

    func problem(_ code: ProblemCode, _ detail: String, next: [NextStep] = []) -> Problem {
        Problem(code, detail, next: next, cause: message)
    }
}
