import Testing

@testable import Doctor
